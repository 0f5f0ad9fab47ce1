"""Plays all token games of one scope: where tokens get stuck, and where two come after one another."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.diagrams.lint.token_net import Places, Step, TokenNet

# A scope that has more states than this is played in one order of its branches only, and if that is too long, not judged.
MOST_STATES = 2_000
_MOST_TOKENS_ON_A_PLACE = (
    2  # A third one would tell nothing new, and a loop that makes tokens would never be done.
)
_DONE: Places = ()


@dataclass
class Played:
    """`stuck`: state → joins that wait in it for ever. `doubled`: places that two tokens stood on at once."""

    first: Places
    after: dict[Places, list[tuple[Places, Places]]] = field(
        default_factory=dict
    )  # state → (choice, next state)
    stuck: dict[Places, set[str]] = field(default_factory=dict)
    doubled: set[str] = field(default_factory=set)

    def states_before(self, goals: set[Places]) -> set[Places]:
        """The goals, and every state from which one of them can still be reached."""
        into: dict[Places, list[Places]] = {}
        for state, ahead in self.after.items():
            for _, following in ahead:
                into.setdefault(following, []).append(state)
        found = set(goals)
        waiting = list(goals)
        while waiting:
            for one in into.get(waiting.pop(), ()):
                if one not in found:
                    found.add(one)
                    waiting.append(one)
        return found

    def completing(self) -> set[Places]:
        return self.states_before({_DONE})

    def stuck_behind(self, states: set[Places]) -> set[str]:
        """Joins that may be left waiting once one of `states` was reached."""
        found: set[str] = set()
        seen = set(states)
        waiting = list(states)
        while waiting:
            state = waiting.pop()
            found |= self.stuck.get(state, set())
            for _, following in self.after.get(state, ()):
                if following not in seen:
                    seen.add(following)
                    waiting.append(following)
        return found


def play(net: TokenNet) -> Played | None:
    """None where there are too many states to look at."""
    return _play(net, every_order=True) or _play(net, every_order=False)


def _play(net: TokenNet, *, every_order: bool) -> Played | None:
    played = Played(tuple(sorted(net.first)))
    waiting = [played.first]
    while waiting:
        state = waiting.pop()
        if state in played.after:
            continue
        if len(played.after) >= MOST_STATES:
            return None
        ahead: list[tuple[Places, Places]] = []
        for node, used in _enabled(net, state):
            for step in net.steps[node]:
                ahead.append((step.choice, _next(state, used, step, played)))
            if not every_order:
                # Branches do not disturb each other: one order of them finds every place where all get stuck.
                break
        played.after[state] = ahead
        if state and not ahead:
            played.stuck[state] = {net.target[place] for place in state}
        waiting += [following for _, following in ahead]
    played.after.setdefault(_DONE, [])
    return played


def _next(state: Places, used: Places, step: Step, played: Played) -> Places:
    if step.ends_all:
        return _DONE
    tokens = Counter(state)
    tokens.subtract(used)
    tokens.update(step.places)
    played.doubled |= {place for place, count in tokens.items() if count > 1}
    kept = [place for place, count in tokens.items() for _ in range(min(count, _MOST_TOKENS_ON_A_PLACE))]
    return tuple(sorted(kept))


def _enabled(net: TokenNet, state: Places) -> Iterator[tuple[str, Places]]:
    """Nodes that can act, each with the tokens that it takes; inclusive joins last, for they look at all others."""
    held = set(state)
    reached = dict.fromkeys(net.target[place] for place in state)
    for node in reached:
        if node not in net.joins:
            for place in sorted(held):
                if net.target[place] == node:
                    yield node, (place,)
        elif net.joins[node][0] == "all" and held.issuperset(net.joins[node][1]):
            yield node, net.joins[node][1]
    for node in reached:
        if node in net.joins and net.joins[node][0] == "any":
            entries = net.joins[node][1]
            here = tuple(place for place in entries if place in held)
            if _has_all_that_can_come(net, node, held, entries, here):
                yield node, here


def _has_all_that_can_come(net: TokenNet, join: str, held: set[str], entries: Places, here: Places) -> bool:
    """The rule of the standard: nothing on its way to an empty entry, unless it can also come to a taken one."""
    may_come = {place for entry in entries if entry not in here for place in net.before(join, entry)}
    is_counted = {place for entry in here for place in net.before(join, entry)}
    return not any(
        place in may_come and place not in is_counted for place in held if net.target[place] != join
    )
