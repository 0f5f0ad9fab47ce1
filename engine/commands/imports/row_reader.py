"""Checks one row of a register against what is known: organisations, people, moments, the state that it claims."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from engine.commands.engine import Engine
from engine.commands.imports.answers import Answers
from engine.commands.imports.bad_row import BadRow
from engine.commands.imports.columns import (
    APPROVED_BY,
    CALLED_BACK_BY,
    CLOSED_AT,
    HANDLED_BY,
    INVOLVED,
    NUMBER,
    ORGANISATION,
    PROCESS,
    RECEIVED_AT,
    RECEIVED_BY,
    STATUS,
    UNIT,
)
from engine.commands.imports.known_names import find_key, find_person, find_unit
from engine.commands.imports.moments import read_moment
from engine.commands.imports.past_case import NamedWorkers, PastCase, RegisterPlace
from engine.commands.imports.register_file import RegisterRow
from engine.commands.imports.sheet import as_text
from engine.commands.imports.stages import is_over
from engine.model import Organisation
from engine.people import Actor, Directory
from engine.profiles import chosen_profiles

_SEVERAL = re.compile(r"\s*[、,，;；/]\s*")
MOST_NUMBER = 100  # characters of a register number


class RowReader:
    """Bound to one import. `people`: a name in the register → the username that it means."""

    def __init__(
        self,
        engine: Engine,
        *,
        organisation_key: str | None,
        family: str | None,
        people: Mapping[str, str],
        titles: Sequence[str],
    ) -> None:
        self._engine, self._only, self._family, self._people = engine, organisation_key, family, people
        self._titles = titles
        self._places: dict[tuple[str, str], RegisterPlace] = {}
        self._now = engine.clock.now()
        with engine.store.reading() as session:
            self._organisations = {
                row.organisation_key: row
                for row in session.execute(
                    select(
                        Organisation.organisation_key,
                        Organisation.name,
                        Organisation.profiles,
                        Organisation.calendar,
                    )
                )
            }

    def place_of(self, row: RegisterRow) -> RegisterPlace:
        """Raises BadRow for an organisation that does not exist, is not the one asked for, or has no procedure."""
        text = as_text(row.facts.get(ORGANISATION))
        if not text and self._only is None:
            raise BadRow("Expected the organisation, but the cell is empty.", "“机构”未填写。")
        key = self._only if not text else find_key(("organisation", "机构"), text, self._names)
        assert key is not None
        if self._only is not None and key != self._only:
            raise BadRow(
                f"Expected only rows of organisation {self._only}, but this one belongs to {key}.",
                f"本次只导入机构“{self._only}”，此行属于“{key}”。",
            )
        wanted = as_text(row.facts.get(PROCESS))
        found = self._places.get((key, wanted))
        if found is None:
            found = self._places[key, wanted] = self._open_place(key, wanted)
        return found

    def number_of(self, row: RegisterRow) -> str:
        number = as_text(row.facts.get(NUMBER))
        if not number:
            raise BadRow("Expected the register number, but the cell is empty.", "“编号”未填写。")
        if len(number) > MOST_NUMBER:
            raise BadRow(
                f"Expected a number of at most {MOST_NUMBER} characters, but it has {len(number)}.",
                f"“编号”最多 {MOST_NUMBER} 个字，此行有 {len(number)} 个。",
            )
        return number

    def read(self, row: RegisterRow) -> PastCase:
        """Raises BadRow naming the column."""
        place = self.place_of(row)
        if "subject" not in row.values:
            raise BadRow("Expected the subject, but the cell is empty.", "“主题”未填写。")
        received_at, closed_at = self._moments(row, place)
        return PastCase(
            row_number=row.number,
            number=self.number_of(row),
            place=place,
            unit_key=self._unit(row, place.directory),
            received_at=received_at,
            closed_at=closed_at,
            status=as_text(row.facts.get(STATUS)),
            workers=self._workers(row, place.directory),
            answers=Answers(row.values, place.directory, place.calendar),
            written={
                title: cell for title, cell in zip(self._titles, row.cells, strict=False) if title and cell
            },
        )

    @property
    def _names(self) -> Mapping[str, Mapping[str, str]]:
        return {key: row.name for key, row in self._organisations.items()}

    def _open_place(self, key: str, wanted: str) -> RegisterPlace:
        row = self._organisations.get(key)
        if row is None:
            raise BadRow(f"Expected a known organisation, but found {key!r}.", f"没有找到机构“{key}”。")
        with self._engine.store.reading() as session:
            directory = self._engine.directories.get(session, key)
            followed = [
                (release, profile)
                for release in self._engine.releases.newest_of_families(session)
                for chosen in chosen_profiles(row.profiles, release.family)
                if (profile := release.profile(chosen)) is not None
            ]
            for release, profile in followed:
                if self._family not in (None, release.family):
                    continue
                names = (release.family, profile.process, release.names.get(profile.process), profile.id)
                if not wanted or wanted in names:
                    families = sorted(one for one in row.profiles if chosen_profiles(row.profiles, one))
                    if families != [release.family] and not wanted and self._family is None:
                        raise BadRow(
                            f"Expected the procedure, since {key} follows several: {', '.join(families)}.",
                            f"机构“{key}”有多个流程（{'、'.join(families)}），请填写“流程”列。",
                        )
                    calendar = self._engine.calendars.get(row.calendar)
                    return RegisterPlace(key, directory, calendar, release, profile, profile.process)
        asked = wanted or self._family or "-"
        raise BadRow(
            f"Expected organisation {key} to follow a procedure that fits {asked!r}, but it has none.",
            f"机构“{key}”没有可用的流程（{asked}）。",
        )

    def _moments(self, row: RegisterRow, place: RegisterPlace) -> tuple[datetime, datetime | None]:
        if RECEIVED_AT not in row.facts:
            raise BadRow("Expected the moment of receipt, but the cell is empty.", "“受理时间”未填写。")
        received_at = read_moment(row.facts[RECEIVED_AT], place.calendar, "受理时间 / received")
        if received_at > self._now:
            raise BadRow(
                f"Expected a receipt in the past, but it is {received_at:%Y-%m-%d %H:%M} UTC.",
                f"“受理时间”晚于现在（{as_text(row.facts[RECEIVED_AT])}）。",
            )
        status = as_text(row.facts.get(STATUS))
        if CLOSED_AT not in row.facts:
            if is_over(status):
                raise BadRow(
                    f"Expected the moment of closing, since the status is {status!r}.",
                    f"状态为“{status}”，但“办结时间”未填写。",
                )
            return received_at, None
        if status and not is_over(status):
            raise BadRow(
                f"Expected either an open status or a moment of closing, but there are both ({status!r}).",
                f"填了“办结时间”，但状态是“{status}”。",
            )
        closed_at = read_moment(row.facts[CLOSED_AT], place.calendar, "办结时间 / closed", is_end=True)
        if not received_at <= closed_at <= self._now:
            raise BadRow(
                "Expected the closing after the receipt and not in the future, but it is neither.",
                f"“办结时间”应在“受理时间”之后、不晚于现在，但写的是 {as_text(row.facts[CLOSED_AT])}。",
            )
        return received_at, closed_at

    def _unit(self, row: RegisterRow, directory: Directory) -> str:
        text = as_text(row.facts.get(UNIT))
        if text:
            return find_unit(directory, text)
        receiver = self._person(row, RECEIVED_BY, directory)
        held = receiver.memberships if receiver is not None else ()
        return held[0].unit_key if held else directory.root_key

    def _workers(self, row: RegisterRow, directory: Directory) -> NamedWorkers:
        return NamedWorkers(
            handled_by=self._people_in(row, HANDLED_BY, directory),
            received_by=self._person(row, RECEIVED_BY, directory),
            approved_by=self._person(row, APPROVED_BY, directory),
            called_back_by=self._person(row, CALLED_BACK_BY, directory),
            involved=self._people_in(row, INVOLVED, directory),
        )

    def _people_in(self, row: RegisterRow, column: str, directory: Directory) -> tuple[Actor, ...]:
        names = [one for one in _SEVERAL.split(as_text(row.facts.get(column))) if one]
        return tuple(self._actor(name, directory) for name in names)

    def _person(self, row: RegisterRow, column: str, directory: Directory) -> Actor | None:
        text = as_text(row.facts.get(column))
        return self._actor(text, directory) if text else None

    def _actor(self, name: str, directory: Directory) -> Actor:
        username = self._people.get(name) or find_person(directory, name)
        actor = directory.actor(username)
        if actor is None:
            raise BadRow(
                f"Expected an active person, but {name!r} has left; name who stands in for them.",
                f"“{name}”已停用，请指定由谁代替。",
            )
        return actor
