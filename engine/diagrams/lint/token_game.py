"""Plays all token games of one scope: where tokens get stuck, and where two come after one another."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.diagrams.lint.token_net import Places, Step, TokenNet

# Tokens looked at: a scope that needs more is played in one order of its branches only, and then not judged at all.
# A diagram that people read needs some hundred; all scopes of one file together have so much, and are done in half a second.
MOST_EFFORT_FOR_A_SCOPE = 100_000
MOST_EFFORT_FOR_A_FILE = 400_000
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


@dataclass
class Effort:
    """What may still be spent on one file."""

    left: int = MOST_EFFORT_FOR_A_FILE


def play(net: TokenNet, effort: Effort) -> Played | None:
    """None where there is too much to look at."""
    return _play(net, effort, every_order=True) or _play(net, effort, every_order=False)


def _play(net: TokenNet, effort: Effort, *, every_order: bool) -> Played | None:
    played = Played(tuple(sorted(net.first)))
    waiting = [played.first]
    least_left = effort.left - min(effort.left, MOST_EFFORT_FOR_A_SCOPE)
    while waiting:
        state = waiting.pop()
        if state in played.after:
            continue
        ahead: list[tuple[Places, Places]] = []
        for node, used in _enabled(net, state):
            effort.left -= len(net.steps[node]) * (len(state) + 1)
            if effort.left < least_left:
                return None
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
            here = tuple(place for place in net.joins[node][1] if place in held)
            if _has_all_that_can_come(net, node, held, here):
                yield node, here


def _has_all_that_can_come(net: TokenNet, join: str, held: set[str], here: Places) -> bool:
    """The rule of the standard: nothing on its way to an empty entry, unless it can also come to a taken one."""
    ahead = net.entries_ahead(join)
    taken = sum(net.entry_bit(join, place) for place in here)
    return not any(
        ahead.get(place, 0) and not ahead[place] & taken for place in held if net.target[place] != join
    )
