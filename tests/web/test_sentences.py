"""Each act that commands write down on a case has a sentence of its own in the timeline."""

import re
from pathlib import Path

from flask import Flask

import engine.commands
from engine.model import SystemClock
from engine.queries.timeline import TimelineEntry
from web.cases.sentences import sentence, weight

NOTED = re.compile(r'\bnote\(\s*"([a-z_]+\.[a-z_]+)"')
# Written into the chain of administration, not of a case.
OF_THE_HOUSE = {"release.deployed", "register.imported"}


def test_every_act_of_a_case_is_told_in_words(app: Flask) -> None:
    acts = {
        act
        for path in Path(engine.commands.__file__).parent.rglob("*.py")
        for act in NOTED.findall(path.read_text(encoding="utf-8"))
    }
    acts -= {act for act in acts if act.split(".")[0] in ("person", "unit", "organisation", "role")}
    now = SystemClock().now()

    with app.test_request_context():
        silent = [
            act for act in sorted(acts - OF_THE_HOUSE) if act in sentence(TimelineEntry(now, "李娜", act, {}))
        ]

    assert len(acts) > 15
    assert silent == []


def test_it_tells_people_news_and_engine_apart(app: Flask) -> None:
    now = SystemClock().now()

    assert weight(TimelineEntry(now, "李娜", "task.claimed", {})) == "act"
    assert weight(TimelineEntry(now, "", "clock.breached", {})) == "bad"
    assert weight(TimelineEntry(now, "", "timer.fired", {})) == "aside"
    assert weight(TimelineEntry(now, "", "element.callActivity", {})) == "detail"
