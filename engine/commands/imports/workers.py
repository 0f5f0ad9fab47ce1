"""Who of the people that a row names did a task: the one whose part it was, if that person may hold it at all."""

from collections.abc import Callable, Iterable

from engine.commands.imports.bad_row import BadRow
from engine.commands.imports.past_case import NamedWorkers
from engine.commands.imports.stages import belongs, stage_words
from engine.people import Actor

Refusal = Callable[[Actor], tuple[str, str] | None]
_RECEIVING = (stage_words("登记"), stage_words("受理"))
_APPROVING = stage_words("审批")
_CALLING_BACK = stage_words("回访")


class Workers:
    """`refusal_of` says why a person may not hold the task at hand, or nothing."""

    def __init__(self, named: NamedWorkers) -> None:
        self._named = named
        self.has_worked: set[str] = set()

    def pick(self, element_id: str, names: dict[str, str], refusal_of: Refusal) -> Actor | None:
        """None when the row names nobody who may. Raises BadRow when the one named for this very part may not."""
        own_part = self._own_part(element_id, names)
        if own_part is not None:
            why = refusal_of(own_part)
            if why is not None:
                raise _may_not(own_part, names, why)
            return own_part
        for one in self._in_turn(element_id, names):
            if refusal_of(one) is None:
                return one
        return None

    def check_handlers(self, refusal_of: Refusal) -> None:
        """Each person named as handler has had a part in the case. `refusal_of`: of the task that waits now."""
        for one in self._named.handled_by:
            if one.username in self.has_worked:
                continue
            why = refusal_of(one)
            if why is not None:
                raise _may_not(one, {"zh": "任何一步", "en": "any step"}, why)

    def _own_part(self, element_id: str, names: dict[str, str]) -> Actor | None:
        if belongs(_APPROVING, element_id, names):
            return self._named.approved_by
        if belongs(_CALLING_BACK, element_id, names):
            return self._named.called_back_by
        return None

    def _in_turn(self, element_id: str, names: dict[str, str]) -> Iterable[Actor]:
        is_receiving = any(belongs(words, element_id, names) for words in _RECEIVING)
        if self._named.received_by is not None and is_receiving:
            yield self._named.received_by
        # Handlers that have not had their part yet come first: the register would not name them for nothing.
        yield from sorted(self._named.handled_by, key=lambda one: one.username in self.has_worked)
        yield from self._named.beside_handlers


def _may_not(person: Actor, task: dict[str, str], why: tuple[str, str]) -> BadRow:
    return BadRow(
        f"{person.username} cannot have done {task.get('en') or task['zh']!r} here: {why[0]}",
        f"“{person.name}”不能办理“{task['zh']}”：{why[1]}",
    )
