"""What one command did to a case: visits, places where it waits now or no more, messages, signals, an end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Visit:
    """One visit to one drawn element. `key` is the element instance key."""

    key: str
    element_id: str
    process_key: str
    entered_at: datetime


@dataclass(frozen=True)
class WaitingPlace:
    """Where the case waits. `kind`: user_task | job | timer | repeating_timer | message | signal | condition | event.

    `host_key` is the element instance that a boundary event sits on. `text` is the timer's text, the name of
    the message or signal, or the condition; `key` is the element instance, with `:n` behind it for the n-th event of an event gateway.
    """

    key: str
    kind: str
    element_id: str
    process_key: str
    host_key: str | None
    text: str


@dataclass(frozen=True)
class ThrownMessage:
    """A message that leaves the case. `variables`: what its element saw."""

    name: str
    element_id: str
    process_key: str
    variables: Mapping[str, Any]


@dataclass(frozen=True)
class ThrownSignal:
    """A signal that every other case may hear; whoever waited for it in this one has heard it."""

    name: str
    element_id: str
    process_key: str


@dataclass(frozen=True)
class EndReached:
    element_id: str | None


@dataclass
class Changes:
    """What one command did. `log` holds ("entered" | "completed" | "cancelled", Visit) in order."""

    log: list[tuple[str, Visit]] = field(default_factory=list)
    opened: list[WaitingPlace] = field(default_factory=list)
    closed: list[WaitingPlace] = field(default_factory=list)
    thrown: list[ThrownMessage] = field(default_factory=list)
    signals: list[ThrownSignal] = field(default_factory=list)
    closed_scopes: list[str] = field(default_factory=list)
    ended: EndReached | None = None
