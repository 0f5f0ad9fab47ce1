"""Compares every id and name of a story with its family before anything is played.

A check on an element that does not exist would hold, or fail, for ever; and nobody would know why.
"""

from collections.abc import Collection, Iterable

from engine.people import SYSTEM_ROLES
from engine.people.candidates import EVERYONE, OUTSIDE
from engine.rehearsal.cast import Cast, require_person
from engine.rehearsal.known_ids import END, KnownIds
from engine.rehearsal.story import Step, Story
from engine.rehearsal.story_error import StoryError, hint

CLOCK_STATES = ("running", "paused", "met", "breached", "cancelled")
INCIDENT_KINDS = ("handler", "expression", "decision", "guard", "timer")


def check_ids(story: Story, known: KnownIds, cast: Cast, roles: Collection[str]) -> None:
    """Raises StoryError with the step and what was probably meant."""
    checker = _Checker(story, known, cast, roles)
    for register_id in story.source:
        checker.source(register_id)
    for step in story.steps:
        checker.step(step)


class _Checker:
    def __init__(self, story: Story, known: KnownIds, cast: Cast, roles: Collection[str]) -> None:
        self.story, self.known, self.cast = story, known, cast
        self.told = frozenset(
            (
                *roles,
                *SYSTEM_ROLES,
                *OUTSIDE,
                EVERYONE,
                *(role for held in cast.people.values() for role in held),
            )
        )

    def source(self, register_id: str) -> None:
        known = {
            *self.known.register_ids,
            *self.known.carried,
            *((self.known.profile.id,) if self.known.profile else ()),
        }
        if self.known.register_ids and register_id not in known:
            near, near_zh = hint(register_id, known)
            raise StoryError(
                self.story.path, None,
                f"`source` names {register_id!r}, which is not in the register.{near}",
                f"source 中的“{register_id}”不在制度登记中。{near_zh}",
            )  # fmt: skip

    def step(self, step: Step) -> None:
        if step.by is not None:
            require_person(self.story, step.number, step.by, "by")
        if step.act is not None:
            self._act(step, *step.act)
        for word, value in step.checks.items():
            match word:
                case "then_waiting_at" | "then_history":
                    self._ids(step, word, value)
                case "then_due" | "then_clock":
                    self._ids(step, word, value)
                    if word == "then_clock":
                        for state in value.values():
                            self._one_of(step, word, state, CLOCK_STATES, "state of a clock", "时限状态")
                case "then_notified" | "then_not_notified":
                    for name in value:
                        self._one_of(
                            step,
                            word,
                            name,
                            self.told | self.cast.people.keys(),
                            "person or role",
                            "人员或角色",
                        )
                case "then_done_by" | "then_not_done_by" | "then_worklist":
                    for name in value:
                        require_person(self.story, step.number, name, word)
                case "then_incident":
                    if isinstance(value, str) and value not in INCIDENT_KINDS:
                        self._ids(step, word, (value,))
                case "then_ended":
                    if isinstance(value, str):
                        self._one_of(step, word, value, self.known.end_events, "end event", "结束事件")

    def _act(self, step: Step, word: str, value: str) -> None:
        match word:
            case "when_message":
                self._one_of(step, word, value, self.known.messages, "message of these diagrams", "消息")
            case "when_handler_fails":
                if value not in self.known.topics:
                    self._ids(step, word, (value,), also=self.known.topics)
            case "when_walked_past" if value == END:
                pass
            case _:
                self._ids(step, word, (value,))
        if word in ("when_claimed", "when_paused", "when_resumed") and step.by is None:
            raise self._error(step, f"Expected `by`: who does `{word}`?", f"“{word}”须写明 by（谁来做）。")

    def _ids(self, step: Step, word: str, ids: Iterable[str], also: Collection[str] = ()) -> None:
        for one in ids:
            if self.known.target(one) is not None:
                continue
            near, near_zh = hint(one, self.known.all_ids() | set(also))
            if one in self.known.register_ids:
                profile = self.known.profile.id if self.known.profile else "-"
                raise self._error(
                    step,
                    f"`{word}` names {one!r}, which is in the register, but neither the profile {profile} nor an "
                    f"element of these diagrams carries it.{near}",
                    f"“{word}”中的“{one}”在制度登记中，但档案“{profile}”和流程图都没有引用它。{near_zh}",
                )
            what, what_zh = ("register id", "登记编号") if "/" in one else ("element", "图元")
            raise self._error(
                step,
                f"`{word}` names the {what} {one!r}, which these diagrams do not have.{near}",
                f"“{word}”中的{what_zh}“{one}”不存在。{near_zh}",
            )

    def _one_of(
        self, step: Step, word: str, value: str, known: Collection[str], what: str, what_zh: str
    ) -> None:
        if value not in known:
            near, near_zh = hint(value, known)
            raise self._error(
                step,
                f"`{word}` names {value!r}, which is no {what}.{near}",
                f"“{word}”中的“{value}”不是已知的{what_zh}。{near_zh}",
            )

    def _error(self, step: Step, en: str, zh: str) -> StoryError:
        return StoryError(self.story.path, step.number, en, zh)
