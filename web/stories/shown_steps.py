"""The steps of a story in words, each with what it did when it was played, and links to the elements that it names."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.rehearsal.story import Step
from web.languages import gettext as _
from web.stories.files import StoryFile
from web.stories.runs import Told
from web.stories.stage import Shelf


@dataclass(frozen=True)
class Named:
    """A word of a step that may be the id of an element. `address` is empty where it is none."""

    text: str
    address: str


@dataclass(frozen=True)
class ShownStep:
    """`state`: done | failed | unreached | unplayed. `passed`: elements that it went through; `waits_at`: where it then stood."""

    number: int
    lines: tuple[tuple[str, tuple[Named, ...], str], ...]  # (label, what it names, the rest)
    state: str
    at: str
    passed: tuple[Named, ...]
    waits_at: tuple[Named, ...]


def shown_steps(shelf: Shelf, story: StoryFile, told: Told | None) -> list[ShownStep]:
    return list(_steps(shelf, story, told)) if story.story else []


def _steps(shelf: Shelf, story: StoryFile, told: Told | None) -> Iterator[ShownStep]:
    assert story.story is not None
    given = story.story.given
    begun = (
        _("%(who)s, with %(values)s", who=given.by, values=_values(given.variables))
        if given.variables
        else given.by
    )
    start = ((_("Begun by"), (), begun),)
    yield _shown(shelf, told, 0, start)
    for step in story.story.steps:
        yield _shown(shelf, told, step.number, tuple(_lines(shelf, step)))


def _shown(
    shelf: Shelf, told: Told | None, number: int, lines: tuple[tuple[str, tuple[Named, ...], str], ...]
) -> ShownStep:
    path = next((one for one in told.data["steps"] if one["number"] == number), None) if told else None
    state = "unplayed"
    if told is not None:
        is_broken = not told.is_ok and told.step == (number or None)
        state = "failed" if is_broken and (number or path is None) else "done" if path else "unreached"
    visits = [one for one in (path or {"visits": []})["visits"] if one[2] == "completed"]
    return ShownStep(
        number=number,
        lines=lines,
        state=state,
        at=f"{datetime.fromisoformat(path['at']):%Y-%m-%d %H:%M}" if path else "",
        passed=tuple(_named(shelf, element) for _process, element, _outcome in visits),
        waits_at=tuple(
            _named(shelf, element) for _process, element in (path or {"waits_at": []})["waits_at"]
        ),
    )


def _lines(shelf: Shelf, step: Step) -> Iterator[tuple[str, tuple[Named, ...], str]]:
    labels = _labels()
    if step.time is not None:
        word, moment = step.time
        yield (
            labels[word],
            (),
            moment.strftime("%Y-%m-%d %H:%M:%S") if isinstance(moment, datetime) else str(moment),
        )
    if step.act is not None:
        word, named = step.act
        parts = [_("by %(who)s", who=step.by)] if step.by else []
        parts += [_values(step.values)] if step.values else []
        yield labels[word], (_named(shelf, named),), " · ".join(parts)
    if step.rejected is not None:
        yield labels["then_rejected"], (), step.rejected
    for word, expected in step.checks.items():
        if word == "then_clock":
            states = _clock_states()
            expected = {name: states.get(state, state) for name, state in expected.items()}
        names, rest = _check(shelf, expected)
        yield labels[word], names, rest


def _check(shelf: Shelf, expected: Any) -> tuple[tuple[Named, ...], str]:
    if isinstance(expected, dict):
        return (), " · ".join(
            f"{shelf.element_name(name)} = {_value(value)}" for name, value in expected.items()
        )
    if isinstance(expected, tuple | list):
        return tuple(_named(shelf, str(one)) for one in expected), "" if expected else _("nothing")
    if isinstance(expected, bool):
        return (), _("yes") if expected else _("no")
    return (_named(shelf, str(expected)),), ""


def _named(shelf: Shelf, text: str) -> Named:
    return Named(shelf.element_name(text), shelf.address(text))


def _values(values: Any) -> str:
    return " · ".join(f"{name} = {_value(value)}" for name, value in values.items())


def _value(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


def _clock_states() -> dict[str, str]:
    return {
        "running": _("clock running"),
        "paused": _("paused"),
        "met": _("met"),
        "breached": _("broken"),
        "cancelled": _("given up"),
    }


def _labels() -> dict[str, str]:
    return {
        "when_time_is": _("The time is"),
        "when_time_passes": _("Time passes"),
        "when_completed": _("Completed"),
        "when_message": _("A message comes"),
        "when_walked_to": _("Worked up to"),
        "when_walked_past": _("Worked past"),
        "when_claimed": _("Claimed"),
        "when_paused": _("Clock paused"),
        "when_resumed": _("Clock resumed"),
        "when_handler_fails": _("Service fails"),
        "then_rejected": _("Then it is refused"),
        "then_waiting_at": _("Then it waits at"),
        "then_due": _("Then due"),
        "then_clock": _("Then the clock"),
        "then_notified": _("Then told"),
        "then_not_notified": _("Then not told"),
        "then_done_by": _("Then done by"),
        "then_not_done_by": _("Then not done by"),
        "then_worklist": _("Then open for"),
        "then_incident": _("Then an incident"),
        "then_history": _("Then passed in this order"),
        "then_variables": _("Then the values"),
        "then_ended": _("Then ended"),
    }
