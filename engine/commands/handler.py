"""What a service-task handler sees, and the table that finds it by topic."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from engine.commands.case.json_values import given_values
from engine.model import HandlerFailed, InvalidInput
from engine.people import Directory


class Notify(Protocol):
    def __call__(self, kind: str, to: str, facts: Mapping[str, Any] | None = None) -> None:
        """Tells `to` (a username, a role key of the register, or "customer") with the template `kind`."""
        ...


@dataclass(frozen=True)
class HandlerContext:
    """Everything a handler may use: what it was given, who there is, and how to speak. Never store or engine.

    `idempotency_key` is the same at every try of one visit; pass it on to systems that understand one.
    """

    topic: str
    inputs: Mapping[str, Any]
    variables: Mapping[str, Any]
    case_number: str
    unit_key: str
    now: datetime
    idempotency_key: str
    people: Directory
    notify: Notify
    next_number: Callable[[str, str], int]  # (series, period) → the next number without a gap


Outputs = Mapping[str, Any] | None


@dataclass(frozen=True)
class Parameter:
    """One input or output by name, told to who draws the diagram. `example` is what one would write there."""

    name: str
    zh: str
    en: str
    is_required: bool = False
    example: str = ""


@dataclass(frozen=True)
class Handler:
    """One topic. `in_transaction` handlers run inside the command: they may have no effect outside it.

    `zh`, `en` say what it does; `inputs` and `outputs` are what the modeler offers when the topic is chosen.
    """

    topic: str
    run: Callable[[HandlerContext], Outputs]
    in_transaction: bool = False
    zh: str = ""
    en: str = ""
    inputs: tuple[Parameter, ...] = ()
    outputs: tuple[Parameter, ...] = ()


class HandlerTable:
    """All handlers of this installation. A topic that is not here waits for an external worker."""

    def __init__(self, handlers: Iterable[Handler] = ()) -> None:
        self._handlers = {handler.topic: handler for handler in handlers}

    def find(self, topic: str) -> Handler | None:
        return self._handlers.get(topic)

    def topics(self) -> frozenset[str]:
        return frozenset(self._handlers)

    def all(self) -> tuple[Handler, ...]:
        return tuple(self._handlers.values())


def checked_outputs(topic: str, outputs: Outputs) -> dict[str, Any]:
    """Outputs as they will be stored. Raises HandlerFailed (permanent) for what JSON cannot hold."""
    try:
        return given_values(dict(outputs or {}))
    except (TypeError, ValueError, InvalidInput) as problem:
        raise HandlerFailed(
            f"Expected outputs that JSON can hold from handler {topic!r}: {problem}",
            f"处理程序“{topic}”的输出不是 JSON 值：{problem}",
            permanent=True,
        ) from problem
