"""The stored tokens of one level of a case, as plain records that can be moved, taken out and added."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.util.task import TaskState

OPEN = TaskState.WAITING | TaskState.READY | TaskState.STARTED
EXPECTED = TaskState.PREDICTED_MASK | TaskState.FUTURE


@dataclass
class Token:
    """One stored task. `name` is its place in the old spec, `new_name` in the new one; see `codec` for the rest."""

    key: str
    parent: str | None
    children: list[str]
    state: int
    name: str
    triggered: bool
    internal_data: dict[str, Any]
    changed: float
    new_name: str = ""

    @property
    def is_live(self) -> bool:
        return bool(self.state & OPEN)


class TokenTree:
    def __init__(self, stored: Mapping[str, Any]) -> None:
        self._stored = stored
        self.tokens = {row[0]: Token(row[0], row[1], list(row[2]), *row[3:]) for row in stored["tasks"]}

    def live(self) -> list[Token]:
        return [one for one in self.tokens.values() if one.is_live]

    def drop_expected(self) -> None:
        """What may follow depends on the diagram; it is predicted anew."""
        gone = {one.key for one in self.tokens.values() if one.state & EXPECTED}
        for key in gone:
            del self.tokens[key]
        for one in self.tokens.values():
            one.children = [key for key in one.children if key not in gone]

    def has_live_below(self, token: Token) -> bool:
        below = [self.tokens[key] for key in token.children]
        return any(one.is_live or self.has_live_below(one) for one in below)

    def remove(self, token: Token) -> None:
        """The token with all below it."""
        for key in list(token.children):
            self.remove(self.tokens[key])
        if token.parent is not None:
            self.tokens[token.parent].children.remove(token.key)
        del self.tokens[token.key]

    def splice(self, token: Token) -> None:
        """Takes one finished token out; what follows it hangs on what came before it."""
        assert token.parent is not None
        siblings = self.tokens[token.parent].children
        place = siblings.index(token.key)
        siblings[place : place + 1] = token.children
        for key in token.children:
            self.tokens[key].parent = token.parent
        del self.tokens[token.key]

    def insert_above(self, token: Token, key: str, name: str, state: int) -> Token:
        assert token.parent is not None
        siblings = self.tokens[token.parent].children
        siblings[siblings.index(token.key)] = key
        above = Token(
            key, token.parent, [token.key], state, name, token.triggered, {}, token.changed, new_name=name
        )
        token.parent, token.triggered = key, False
        self.tokens[key] = above
        return above

    def add_below(self, token: Token, key: str, name: str, state: int) -> None:
        token.children.append(key)
        self.tokens[key] = Token(key, token.key, [], state, name, False, {}, token.changed, new_name=name)

    def to_data(self) -> dict[str, Any]:
        last = self._stored["last"]
        rows = [
            [
                one.key,
                one.parent,
                one.children,
                one.state,
                one.new_name,
                one.triggered,
                one.internal_data,
                one.changed,
            ]
            for one in self.tokens.values()
        ]
        return {**self._stored, "last": last if last in self.tokens else None, "tasks": rows}
