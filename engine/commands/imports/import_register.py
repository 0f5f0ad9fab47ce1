"""Imports a register of cases: good rows become cases with their past, bad rows are reported and written to a file."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from engine.audit import AuditEntry, append_administration
from engine.commands.engine import Engine
from engine.commands.imports.bad_row import BadRow
from engine.commands.imports.bring_past_case import LastSteps, finish, wait_at_stage
from engine.commands.imports.case_walk import CaseWalk
from engine.commands.imports.header import form_headers
from engine.commands.imports.imported_number import leave_room
from engine.commands.imports.past_case import PastCase
from engine.commands.imports.past_engine import PastEngine
from engine.commands.imports.register_file import Register, RegisterRow, read_register
from engine.commands.imports.rejected_file import write_rejected
from engine.commands.imports.row_reader import RowReader
from engine.model import BpmnError, HandlerFailed, ProcessInstance, Rejected
from engine.people import Actor, require
from engine.store import may_be_tried_again
from engine.worktime import CalendarMissing

Progress = Callable[[int, int], None]  # (rows done, rows in all)


@dataclass(frozen=True)
class RejectedRow:
    """`row` as the spreadsheet numbers it."""

    row: int
    number: str
    en: str
    zh: str


@dataclass(frozen=True)
class ImportReport:
    """`skipped_known`: register numbers that were cases already. `rejected_path`: where the bad rows stand, if any."""

    rows: int
    imported: int
    skipped_known: int
    rejected: tuple[RejectedRow, ...] = field(default=())
    unknown_columns: tuple[str, ...] = ()
    rejected_path: Path | None = None


def import_register(
    engine: Engine,
    actor: Actor,
    path: Path,
    *,
    organisation_key: str | None = None,
    family: str | None = None,
    people: Mapping[str, str] | None = None,
    on_progress: Progress | None = None,
    rejected_path: Path | None = None,
) -> ImportReport:
    """Reads a CSV or XLSX file and imports it. One transaction a row; a second run takes what the first left.

    `organisation_key`: only rows of this one, and of rows that name none. `family`: which procedure, where an
    organisation follows several. `people`: a name in the register → the username that it means.
    Raises Forbidden; InvalidInput when the file cannot be read, lacks a column, or the bad rows cannot be written.
    """
    require(actor, "import.run", organisation_key=organisation_key)
    register = read_register(path, labels_of_forms(engine, family))
    report = import_rows(
        engine,
        actor,
        register,
        organisation_key=organisation_key,
        family=family,
        people=people,
        on_progress=on_progress,
    )
    if not report.rejected:
        return report
    place = rejected_path or path.with_name(f"{path.stem}.rejected.csv")
    by_number = {row.number: row.cells for row in register.rows}
    write_rejected(place, register.titles, [(by_number[one.row], one.zh, one.en) for one in report.rejected])
    return ImportReport(
        report.rows, report.imported, report.skipped_known, report.rejected, report.unknown_columns, place
    )


def import_rows(
    engine: Engine,
    actor: Actor,
    register: Register,
    *,
    organisation_key: str | None = None,
    family: str | None = None,
    people: Mapping[str, str] | None = None,
    on_progress: Progress | None = None,
) -> ImportReport:
    """The rows of a register that has been read already."""
    require(actor, "import.run", organisation_key=organisation_key)
    reader = RowReader(
        engine, organisation_key=organisation_key, family=family, people=people or {}, titles=register.titles
    )
    work = _Import(engine, actor, reader)
    for done, row in enumerate(register.rows, start=1):
        work.take(row)
        if on_progress is not None:
            on_progress(done, len(register.rows))
    report = ImportReport(
        len(register.rows),
        work.imported,
        work.skipped,
        tuple(work.rejected),
        register.unknown_columns,
    )
    _note(engine, actor, register, report)
    engine.ring()
    return report


class _Import:
    def __init__(self, engine: Engine, actor: Actor, reader: RowReader) -> None:
        self._engine, self._actor, self._reader = engine, actor, reader
        self._past = PastEngine(engine)
        self._last_steps = LastSteps()
        self._known: dict[tuple[str, str], set[str]] = {}
        self._first_rows: dict[tuple[str, str, str], int] = {}
        self.imported, self.skipped = 0, 0
        self.rejected: list[RejectedRow] = []

    def take(self, row: RegisterRow) -> None:
        """One row, one case, one transaction. What is wrong with the row is kept; what is wrong with us is raised."""
        number = ""
        try:
            number = self._reader.number_of(row)
            if self._is_known(row, number):
                self.skipped += 1
                return
            self._bring(self._reader.read(row))
            self.imported += 1
        except (Rejected, BpmnError, HandlerFailed) as refused:
            self.rejected.append(RejectedRow(row.number, number, refused.en, refused.zh))
        except CalendarMissing as missing:
            self.rejected.append(RejectedRow(row.number, number, missing.en, missing.zh))

    def _is_known(self, row: RegisterRow, number: str) -> bool:
        """Raises BadRow when the file itself has the number twice."""
        place = self._reader.place_of(row)
        key = (place.organisation_key, place.process_key)
        first = self._first_rows.setdefault((*key, number), row.number)
        if first != row.number:
            raise BadRow(
                f"Expected each number once, but {number} stands in row {first} too.",
                f"编号“{number}”重复，第 {first} 行已有。",
            )
        if key not in self._known:
            with self._engine.store.reading() as session:
                self._known[key] = set(
                    session.execute(
                        select(ProcessInstance.business_key).where(
                            ProcessInstance.organisation_key == key[0], ProcessInstance.process_key == key[1]
                        )
                    ).scalars()
                )
        return number in self._known[key]

    def _bring(self, case: PastCase) -> None:
        tries = self._engine.settings.lost_race_tries
        for attempt in range(1, tries + 1):
            try:
                with self._past.store.whole():
                    self._walk(case)
            except DBAPIError as problem:
                if attempt == tries or not may_be_tried_again(problem):
                    raise
            else:
                return

    def _walk(self, case: PastCase) -> None:
        case.answers.back_to({})
        walk = CaseWalk(self._past, case, self._actor)
        walk.begin()
        walk.pass_time(case.received_at)
        if case.closed_at is not None:
            finish(walk, case, case.closed_at, self._last_steps)
        else:
            wait_at_stage(walk, case, self._past.now)
        walk.check_whole()
        with self._past.store.transaction() as session:
            leave_room(session, case)


def labels_of_forms(engine: Engine, family: str | None) -> dict[str, str]:
    """Labels of all form fields of the procedures that are installed: columns may be headed by them too."""
    with engine.store.reading() as session:
        releases = engine.releases.newest_of_families(session)
    return form_headers(
        form for one in releases if family in (None, one.family) for form in one.forms.values()
    )


def _note(engine: Engine, actor: Actor, register: Register, report: ImportReport) -> None:
    digest = hashlib.sha256("\x1e".join("\x1f".join(row.cells) for row in register.rows).encode())
    payload = {
        "rows": report.rows,
        "imported": report.imported,
        "known": report.skipped_known,
        "rejected": len(report.rejected),
        "digest": digest.hexdigest(),
    }
    with engine.store.transaction() as session:
        append_administration(
            session,
            AuditEntry(engine.clock.now(), actor.username, "register.imported", register.name, payload),
        )
