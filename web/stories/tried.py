"""A case that is tried step by step: the story so far, as the page holds it, and the moves that make it longer."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.model import InvalidInput
from engine.rehearsal.story_text import DraftStep, StoryDraft, write_story

MOST_STEPS = 200
MOST_CHARACTERS = 500_000
Json = dict[str, Any]


@dataclass(frozen=True)
class Tried:
    """`given` and `people` as in a story; `steps` hold the words of each."""

    title: str
    source: tuple[str, ...]
    given: Json
    people: dict[str, list[str]]
    steps: tuple[Json, ...] = ()

    @classmethod
    def of(cls, draft: StoryDraft) -> "Tried":
        given = {
            key: value.isoformat() if isinstance(value, datetime) else value
            for key, value in draft.given.items()
        }
        people = {name: list(roles) for name, roles in draft.people.items()}
        return cls(draft.title, tuple(draft.source), given, people)

    @classmethod
    def from_text(cls, text: str) -> "Tried":
        """What the page sent back. Raises InvalidInput."""
        try:
            if len(text) > MOST_CHARACTERS:
                raise ValueError
            data = json.loads(text)
            found = cls(
                str(data["title"]), tuple(map(str, data["source"])), dict(data["given"]),
                {str(name): list(roles) for name, roles in data["people"].items()},
                tuple(dict(one) for one in data["steps"]),
            )  # fmt: skip
            if len(found.steps) > MOST_STEPS:
                raise ValueError
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
            raise InvalidInput(
                f"The try cannot be read, or has more than {MOST_STEPS} steps. Begin it again.",
                f"试走记录无法读取，或超过 {MOST_STEPS} 步，请重新开始。",
            ) from problem
        return found

    def to_text(self) -> str:
        return json.dumps(
            {
                "title": self.title, "source": self.source, "given": self.given,
                "people": self.people, "steps": self.steps,
            },
            ensure_ascii=False,
        )  # fmt: skip

    def with_step(self, words: Json) -> "Tried":
        return replace(self, steps=(*self.steps, words))

    def without_last(self) -> "Tried":
        return replace(self, steps=self.steps[:-1])

    def probe(self) -> str:
        """The story with a last step that need not hold: it is there to be looked at."""
        return self._written([{"then_ended": True}])

    def story(self, title: str, standing: Json) -> str:
        """To be saved: it checks at its end what the try came to."""
        words: Json = {}
        if standing["state"] != "running":
            words["then_ended"] = standing["end"] or True
        elif standing["tasks"]:
            words["then_waiting_at"] = list(dict.fromkeys(one["element"] for one in standing["tasks"]))
        else:
            words["then_ended"] = False
        limits = [one["limit"] for one in standing["clocks"]]
        clocks = {
            one["limit"]: one["state"]
            for one in standing["clocks"]
            if "/" in one["limit"] and limits.count(one["limit"]) == 1
        }
        if clocks:
            words["then_clock"] = clocks
        return replace(self, title=title)._written([words])

    def _written(self, more: list[Json]) -> str:
        given = dict(self.given)
        try:
            given["at"] = datetime.fromisoformat(str(given.get("at")))
        except ValueError as problem:
            raise InvalidInput(
                "Expected the moment at which the case starts.", "请填写登记时刻。"
            ) from problem
        steps = [DraftStep(_with_moments(one)) for one in (*self.steps, *more)]
        return write_story(StoryDraft(self.title, given, self.people, steps, self.source))


def _with_moments(words: Json) -> Json:
    moment = words.get("when_time_is")
    return {**words, "when_time_is": datetime.fromisoformat(moment)} if isinstance(moment, str) else words
