"""Can every case that starts also end: joins that wait for ever, work that is done twice over."""

from collections.abc import Iterator, Sequence

from engine.diagrams.finding import Finding
from engine.diagrams.lint.context import LintContext
from engine.diagrams.lint.rules import found
from engine.diagrams.lint.token_game import Effort, Played, play
from engine.diagrams.lint.token_net import Places, TokenNet, token_net
from engine.diagrams.model import Diagram, ProcessModel


def check(diagrams: Sequence[Diagram], context: LintContext) -> Iterator[Finding]:  # noqa: ARG001
    for diagram in diagrams:
        effort = Effort()
        for process in diagram.processes:
            for parent in (
                None,
                *(
                    key
                    for key, one in process.elements.items()
                    if "ubProcess" in one.kind or one.kind == "transaction"
                ),
            ):
                net = token_net(process, parent)
                played = play(net, effort) if net is not None else None
                if net is not None and played is not None:
                    yield from _stuck(process, parent, played)
                    yield from _doubled(process, net, played)


def _stuck(process: ProcessModel, parent: str | None, played: Played) -> Iterator[Finding]:
    """An error where one choice alone leaves a join waiting; a warning where only several together do."""
    completing = played.completing()
    if not played.stuck:
        if played.first not in completing:
            yield found("never-ends", process, None if parent is None else process.elements[parent])
        return
    told: set[str] = set()
    for choice, states in [((), {played.first}), *_choices(played).items()]:
        if completing.isdisjoint(states):
            for key in sorted(played.stuck_behind(states) - told):
                told.add(key)
                said = ", ".join(choice)
                yield found("join-never", process, process.elements[key], zh=said, en=said)
    for key in sorted(played.stuck_behind({played.first}) - told):
        yield found("join-may-wait", process, process.elements[key])


def _choices(played: Played) -> dict[Places, set[Places]]:
    """Choice → states right after it."""
    found_after: dict[Places, set[Places]] = {}
    for ahead in played.after.values():
        for choice, following in ahead:
            if choice:
                found_after.setdefault(choice, set()).add(following)
    return found_after


def _doubled(process: ProcessModel, net: TokenNet, played: Played) -> Iterator[Finding]:
    told: set[str] = set()
    for place in sorted(played.doubled):
        for key in net.merges.get(place, ()):
            if key not in told:
                told.add(key)
                yield found("tokens-doubled", process, process.elements[key])
