"""Which files are tried, and for which days: a version of the family, its working copy, or files laid over what is live."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from engine.commands.engine import Engine
from engine.commands.releases.family_files import FamilyFiles, family_folder, read_families
from engine.commands.working_copies.copies import (
    files_of_family,
    laid_together,
    live_release_of,
    release_files,
)
from engine.model import InvalidInput
from engine.queries.releases.content import load_files
from engine.worktime import Calendar


def tried_files(engine: Engine, family: str, number: int | None) -> FamilyFiles:
    """Of version `number`; without one of the working copy, or of what is live when there is none. Raises NotFound."""
    with engine.store.reading() as session:
        if number is None:
            return files_of_family(session, engine.settings.blocks_folder, family, engine.clock.now())
        _, files = load_files(session, family, number)
    return FamilyFiles(family, {path: content for path, (_, content) in files.items()})


def files_over_live(engine: Engine, family: str, path: Path) -> FamilyFiles:
    """A folder as the whole family; a single file laid over what is live. Raises NotFound, InvalidInput."""
    if path.is_dir():
        found = [one for one in read_families([path]) if one.family == family]
        if len(found) != 1:
            raise InvalidInput(
                f"Expected the folder of family {family}, but {path} is another one.",
                f"“{path}”不是流程族“{family}”的文件夹。",
            )
        return found[0]
    (loose,) = read_families([path])
    folder = family_folder(path)
    name = path.resolve().relative_to(folder).as_posix() if folder else path.name
    with engine.store.reading() as session:
        base = release_files(session, live_release_of(session, family, engine.clock.now()))
    changes: Mapping[str, bytes | None] = {name: next(iter(loose.files.values()))}
    return laid_together(family, base, changes, engine.settings.blocks_folder)


def last_month(now: datetime, calendar: Calendar) -> tuple[date, date]:
    """Its first and its last day."""
    first = now.astimezone(calendar.zone).date().replace(day=1)
    last = first - timedelta(days=1)
    return last.replace(day=1), last


def period(first: str, last: str, calendar: Calendar) -> tuple[datetime, datetime]:
    """From the beginning of the first day to the end of the last, in the calendar's zone. Raises InvalidInput."""
    since, until = _day(first), _day(last)
    if until < since:
        raise InvalidInput(
            f"Expected a period that begins before it ends, but {first} is after {last}.",
            f"起始日期应早于结束日期，但 {first} 晚于 {last}。",
        )
    return (
        datetime.combine(since, time(), calendar.zone).astimezone(UTC),
        datetime.combine(until + timedelta(days=1), time(), calendar.zone).astimezone(UTC),
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInput(
            f"Expected a day such as 2026-03-01, but found {text!r}.",
            f"日期应写作 2026-03-01，而不是“{text}”。",
        ) from None
