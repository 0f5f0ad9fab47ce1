"""A story as its owner wrote it: what is given, and steps with one thing that happens and what must then be true.

Reading is strict: a word that nobody would carry out is an error, for a story with a typing mistake in a check
would pass for ever.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.rehearsal.story_error import StoryError, known_words
from engine.rehearsal.toml_values import Reader

TIME_WORDS = ("when_time_is", "when_time_passes")
ACT_WORDS = (
    "when_completed",
    "when_message",
    "when_walked_to",
    "when_walked_past",
    "when_claimed",
    "when_paused",
    "when_resumed",
    "when_handler_fails",
)
CHECK_WORDS = (
    "then_waiting_at",
    "then_due",
    "then_notified",
    "then_not_notified",
    "then_clock",
    "then_done_by",
    "then_not_done_by",
    "then_worklist",
    "then_incident",
    "then_history",
    "then_variables",
    "then_ended",
)
STEP_WORDS = (*TIME_WORDS, *ACT_WORDS, "by", "with", "then_rejected", *CHECK_WORDS)
_STORY_WORDS = ("title", "source", "given", "step")
_GIVEN_WORDS = ("process", "profile", "calendar", "at", "by", "variables", "people", "units")
_UNIT_WORDS = ("under", "people", "head")


@dataclass(frozen=True)
class UnitGiven:
    under: str | None
    people: tuple[str, ...]
    head: str | None


@dataclass(frozen=True)
class Given:
    """Moments without offset are still without: only the calendar knows their zone."""

    process: str | None
    profile: str | None
    calendar: str | None
    at: datetime
    by: str
    variables: Mapping[str, Any]
    people: Mapping[str, tuple[str, ...]]
    units: Mapping[str, UnitGiven]


@dataclass(frozen=True)
class Step:
    """`time` and `act` are (word, value); time moves first, then somebody acts, then the checks look."""

    number: int
    time: tuple[str, Any] | None
    act: tuple[str, str] | None
    by: str | None
    values: Mapping[str, Any]  # `with`
    rejected: str | None
    checks: Mapping[str, Any] = field(default_factory=dict)  # in the order of the file

    @property
    def asserts(self) -> bool:
        return bool(self.checks) or self.rejected is not None


@dataclass(frozen=True)
class Story:
    path: Path
    title: str
    source: tuple[str, ...]
    given: Given
    steps: tuple[Step, ...]


def read_story(path: Path, content: bytes | None = None) -> Story:
    """Raises StoryError, which names the file, the step and the words that are known."""
    try:
        text = (path.read_bytes() if content is None else content).decode("utf-8")
        data = tomllib.loads(text)
    except OSError as problem:
        raise StoryError(path, None, f"The file cannot be read: {problem}.", "无法读取文件。") from problem
    except (ValueError, RecursionError) as problem:  # also a number with thousands of digits
        raise StoryError(
            path, None, f"Expected a TOML file, but {problem}.", f"不是有效的 TOML 文件：{problem}。"
        ) from problem
    reader = Reader(path)
    reader.refuse_unknown("", data, _STORY_WORDS)
    story = Story(
        path=path,
        title=reader.text(data, "title"),
        source=reader.names(data, "source", ()),
        given=_given(Reader(path, table="given"), reader.table(data, "given", is_required=True)),
        steps=tuple(_step(path, number, one) for number, one in enumerate(_steps(reader, data), 1)),
    )
    if not any(step.asserts for step in story.steps):
        raise StoryError(
            path,
            None,
            "The story asserts nothing, so it could never fail; add a `then_…` word to a step.",
            "这个情景没有任何断言，永远不会失败；请至少写一个 then_… 。",
        )
    return story


def _steps(reader: Reader, data: Mapping[str, Any]) -> list[Any]:
    steps = data.get("step", [])
    if not isinstance(steps, list) or not all(isinstance(one, dict) for one in steps):
        raise reader.error("Expected steps written as [[step]].", "步骤应写作 [[step]]。")
    return steps


def _given(reader: Reader, data: Mapping[str, Any]) -> Given:
    reader.refuse_unknown("given", data, _GIVEN_WORDS)
    process, profile = reader.text(data, "process", None), reader.text(data, "profile", None)
    if process is None and profile is None:
        raise reader.error(
            "Expected `process` or `profile`: the story must say which process it is about.",
            "请写明 process 或 profile：情景属于哪个流程。",
        )
    people = {name: reader.names(reader.table(data, "people"), name) for name in reader.table(data, "people")}
    units = {}
    for key, one in reader.table(data, "units").items():
        inner = Reader(reader.path, table=f"given.units.{key}")
        if not isinstance(one, dict):
            raise inner.error("Expected a table.", "应为一个表。")
        inner.refuse_unknown(f"given.units.{key}", one, _UNIT_WORDS)
        units[key] = UnitGiven(
            inner.text(one, "under", None), inner.names(one, "people", ()), inner.text(one, "head", None)
        )
    return Given(
        process=process,
        profile=profile,
        calendar=reader.text(data, "calendar", None),
        at=reader.moment(data, "at"),
        by=reader.text(data, "by"),
        variables=reader.values(data, "variables"),
        people=people,
        units=units,
    )


def _step(path: Path, number: int, data: Mapping[str, Any]) -> Step:
    reader = Reader(path, number)
    reader.refuse_unknown("", data, STEP_WORDS)
    time = _one_of(reader, data, TIME_WORDS)
    act = _one_of(reader, data, ACT_WORDS)
    if act is None and ("by" in data or "with" in data):
        word = "by" if "by" in data else "with"
        raise reader.error(
            f"`{word}` belongs to something that somebody does, but this step has none of {known_words(ACT_WORDS)}.",
            f"“{word}”须与某个动作同用，但本步没有 {known_words(ACT_WORDS)} 中的任何一个。",
        )
    if not data:
        raise reader.error(
            "The step is empty: nothing happens and nothing is checked.", "空步骤：既无动作也无检查。"
        )
    if "then_rejected" in data and act is None and not (number == 1 and time is None):
        raise reader.error(
            "`then_rejected` needs something that is refused: a `when_…` that somebody does "
            "(in the first step, alone, it is the start itself).",
            "then_rejected 须有被拒绝的动作（第一步中单独书写时，指登记本身）。",
        )
    return Step(
        number=number,
        time=None if time is None else (time, _time(reader, data, time)),
        act=None if act is None else (act, reader.text(data, act)),
        by=reader.text(data, "by", None),
        values=reader.values(data, "with"),
        rejected=reader.text(data, "then_rejected", None, may_be_empty=True),
        checks={word: _check(reader, data, word) for word in data if word in CHECK_WORDS},
    )


def _one_of(reader: Reader, data: Mapping[str, Any], words: tuple[str, ...]) -> str | None:
    found = [word for word in data if word in words]
    if len(found) > 1:
        raise reader.error(
            f"Expected one of {known_words(found)}, but there are {len(found)}; write a step for each.",
            f"同一步中 {known_words(found)} 只能写一个；请拆成几步。",
        )
    return found[0] if found else None


def _time(reader: Reader, data: Mapping[str, Any], word: str) -> Any:
    return reader.moment(data, word) if word == "when_time_is" else reader.text(data, word)


def _check(reader: Reader, data: Mapping[str, Any], word: str) -> Any:
    match word:
        case "then_due":
            table = reader.table(data, word)
            return {name: reader.moment(table, name) for name in reader.some(word, table)}
        case "then_clock":
            table = reader.table(data, word)
            return {name: reader.text(table, name) for name in reader.some(word, table)}
        case "then_worklist":
            table = reader.table(data, word)
            return {name: reader.count(table, name) for name in reader.some(word, table)}
        case "then_variables":
            return reader.some(word, reader.values(data, word))
        case "then_incident" | "then_ended":
            return data[word] if isinstance(data[word], bool) else reader.text(data, word)
        case "then_waiting_at":
            return reader.names(data, word)  # Nothing at all may be said of where a case waits.
        case _:
            return reader.some(word, reader.names(data, word))
