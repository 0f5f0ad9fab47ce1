"""The second run of a story finds what a restart would lose."""

from collections.abc import Mapping
from typing import Any

from rehearsals import FAMILY, GIVEN, HANDLERS, PROCESSES

from engine.commands.engine import Engine
from engine.commands.handler import Handler, HandlerContext, HandlerTable
from engine.rehearsal import Theatre
from engine.rehearsal.stage import Stage

STORY = f'{GIVEN}[[step]]\nwhen_walked_to = "wait_for_reply"\nthen_waiting_at = ["wait_for_reply"]'.encode()


def test_it_finds_a_handler_that_remembers(tmp_path):
    calls: list[str] = []

    def count(context: HandlerContext) -> Mapping[str, Any]:
        calls.append(context.case_number)
        return {"dossier_number": len(calls)}

    tell = HANDLERS.find("tiny_tell")
    assert tell is not None
    handlers = HandlerTable([Handler("tiny_number", count, in_transaction=True), tell])
    with Theatre(PROCESSES, handlers) as theatre:
        told = theatre.play(FAMILY / "scenarios" / "told.toml", STORY)

    assert told.failure is not None
    assert told.failure.en == (
        "Expected the same outcome after restarts between the steps, but the variables differ: "
        "{'dossier_number': 1} became {'dossier_number': 2}."
    )


def test_it_begins_each_step_of_the_second_run_with_a_new_engine(monkeypatch):
    made: list[Engine] = []
    make = Stage.engine

    def remember(self, clock, handlers):
        engine = make(self, clock, handlers)
        assert not engine.live._runs
        made.append(engine)
        return engine

    monkeypatch.setattr(Stage, "engine", remember)
    with Theatre(PROCESSES, HANDLERS) as theatre:
        told = theatre.play(
            FAMILY / "scenarios" / "told.toml",
            STORY + b"\n[[step]]\nthen_ended = false\n[[step]]\nthen_ended = false",
        )

    assert told.failure is None
    # One that installs the family, one that plays straight, one that starts again, and one a step.
    assert len(made) == 1 + 1 + 1 + 3


def test_a_story_leaves_nothing_behind_for_the_next(theatre):
    first = theatre.play(FAMILY / "scenarios" / "told.toml", STORY)
    second = theatre.play(FAMILY / "scenarios" / "told.toml", STORY)

    assert first.failure is None
    assert first.outcome == second.outcome
