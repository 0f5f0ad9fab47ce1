"""Where the running cases of a release stand, as far as it matters for a change."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.diagrams import drawn_of
from engine.model import ProcessInstance
from engine.people import Actor
from engine.queries.visible import visible_cases
from engine.spiff import places_in_state

Place = tuple[str, str]  # (process key, element id)


@dataclass(frozen=True)
class Touched:
    """A place that changes, and the numbers of the cases that stand there, in order."""

    process_key: str
    element_id: str
    cases: tuple[str, ...]

    def to_data(self) -> dict[str, Any]:
        return asdict(self) | {"count": len(self.cases)}


def find_touched(
    session: Session, actor: Actor, release_key: str, places: Collection[Place]
) -> tuple[int, list[Touched]]:
    """(how many cases of the release run, the places where some of them stand). Of those that the person may see."""
    wanted, found, running = set(places), defaultdict[Place, list[str]](list), 0
    rows = session.execute(
        select(ProcessInstance.business_key, ProcessInstance.state_blob)
        .where(
            ProcessInstance.release_key == release_key,
            ProcessInstance.state == "running",
            visible_cases(actor),
        )
        .order_by(ProcessInstance.started_at, ProcessInstance.instance_key)
        .execution_options(yield_per=500)
    )
    for number, state in rows:
        running += 1
        stands = {(process_key, drawn_of(element_id)) for process_key, element_id in places_in_state(state)}
        for place in stands & wanted:
            found[place].append(number)
    return running, [Touched(*place, tuple(cases)) for place, cases in sorted(found.items())]
