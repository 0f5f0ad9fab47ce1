"""A register number that looks like one of ours: the series must go on behind it, or the next case would meet it."""

import re

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engine.commands.imports.past_case import PastCase
from engine.model import NumberSeries
from engine.profiles import Numbering

_PART = re.compile(r"\\\{(year|number)(?::[^}]*?)?\\\}")
_BIGGEST = 10**12


def leave_room(session: Session, case: PastCase) -> None:
    """Idempotent; never counts a series down."""
    profile = case.place.profile
    found = parts_of(case.number, profile.numbering if profile else Numbering())
    if found is None:
        return
    period, number = found
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(NumberSeries).values(
        organisation_key=case.place.organisation_key,
        series=profile.id if profile else case.place.process_key,
        period=period,
        last_number=number,
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["organisation_key", "series", "period"],
            set_={"last_number": statement.excluded.last_number},
            where=NumberSeries.last_number < statement.excluded.last_number,
        )
    )


def parts_of(number: str, numbering: Numbering) -> tuple[str, int] | None:
    """(period, number) of a register number that the pattern could have made; None for any other."""
    pattern = _PART.sub(
        lambda part: r"(?P<year>\d{4})" if part[1] == "year" else r"(?P<number>\d{1,12})",
        re.escape(numbering.pattern),
    )
    found = re.fullmatch(pattern, number)
    if found is None or "number" not in found.groupdict():
        return None
    period = found.groupdict().get("year", "") if numbering.restarts == "year" else ""
    return period, min(int(found["number"]), _BIGGEST)
