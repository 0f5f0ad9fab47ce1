"""Bounds of one command on one case. Crossing one is an incident that a person sees, never a hang."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Guards:
    max_steps: int = 2000  # elements run by one command
    max_tokens: int = 500  # places where one case may wait at once
    max_state_bytes: int = 1_000_000  # the stored state, before compression


class GuardTripped(Exception):
    """The case would have gone past a bound; nothing of this command is kept.

    `log`: visits up to there, as in `Changes`.
    """

    log: Sequence[tuple[str, Any]] = ()

    def __init__(self, guard: str, allowed: int, element_id: str | None) -> None:
        self.guard = guard
        self.allowed = allowed
        self.element_id = element_id
        place = f" at element {element_id}" if element_id else ""
        super().__init__(
            f"Expected at most {allowed} {guard} in one command{place}, but the case wanted more."
        )
        words = {"steps": "步骤", "tokens": "等待处", "state bytes": "状态字节"}
        self.zh = f"一次处理最多允许 {allowed} 个{words.get(guard, guard)}，“{element_id or ''}”处已超出；请检查流程图中的循环。"
