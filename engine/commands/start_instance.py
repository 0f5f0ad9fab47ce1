"""Begins a case: its number, its release, its profile and its first steps, in one transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from engine.commands.case.json_values import given_values
from engine.commands.case.number_series import next_number
from engine.commands.case.on_case import described
from engine.commands.case.open_case import frame_of
from engine.commands.case.record import CaseRecord, accused_of
from engine.commands.case.work import CaseWork
from engine.commands.engine import Engine
from engine.commands.releases.installed import InstalledRelease
from engine.model import (
    Conflict,
    InvalidForm,
    InvalidInput,
    NotFound,
    Organisation,
    ProcessInstance,
    new_key,
    table_of,
)
from engine.model.text_order import by_code_point
from engine.people import Actor, Directory, require
from engine.profiles import Numbering, Profile, chosen_profiles
from engine.spiff import ElementFailed, GuardTripped
from engine.store import may_be_tried_again

_cases, _organisations = table_of(ProcessInstance), table_of(Organisation)
_HOLDER = select(_cases.c.started_by, _cases.c.started_at).where(
    _cases.c.organisation_key == bindparam("of_organisation"),
    _cases.c.process_key == bindparam("of_process"),
    _cases.c.business_key == bindparam("of_number"),
)
_ORGANISATIONS = select(_organisations).order_by(by_code_point(_organisations.c.organisation_key))
_ORGANISATION = select(_organisations).where(
    _organisations.c.organisation_key == bindparam("of_organisation")
)


@dataclass(frozen=True)
class BegunPeriod:
    """A period of a recurring rule whose case is begun by the calendar. `claim(session, instance_key)` raises WrongState
    when another process was first.
    """

    starts_at: datetime
    claim: Callable[[Session, str], None]
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Started:
    instance_key: str
    business_key: str
    definition_key: str
    process_key: str
    is_ended: bool


def start_instance(
    engine: Engine,
    actor: Actor,
    *,
    variables: Mapping[str, Any],
    process_key: str | None = None,
    profile_id: str | None = None,
    organisation_key: str | None = None,
    unit_key: str | None = None,
    business_key: str | None = None,
    is_form: bool = False,
    is_imported: bool = False,
    period: BegunPeriod | None = None,
) -> Started:
    """Starts the newest release of a process, or of the process that the profile names.

    `period`: the calendar begins the case, and the row that asked for it is moved on in the same transaction.
    `is_form`: the values come from the start form and must fill it; else only what is given is checked.
    Raises NotFound, Forbidden, InvalidForm, InvalidInput; Conflict when the number is taken.
    """
    variables = given_values(variables)
    tries = engine.settings.lost_race_tries
    for attempt in range(1, tries + 1):
        try:
            with engine.store.transaction() as session:
                organisation = _organisation(session, actor, organisation_key, profile_id)
                release, profile, key = _release(engine, session, organisation, process_key, profile_id)
                require(actor, "case.start", organisation_key=organisation.organisation_key)
                directory = engine.directories.get(
                    session, organisation.organisation_key, organisation.directory_version
                )
                values = first_values(release, key, variables, is_form=is_form)
                record = _record(
                    engine, session, actor, organisation, directory, release, profile, key,
                    unit_key, business_key, values, is_imported=is_imported,
                )  # fmt: skip
                calendar = organisation.calendar or (profile.calendar if profile else "cn")
                work = CaseWork(
                    frame_of(
                        engine, session, actor, record, directory, calendar, is_new=True,
                        period_from=period.starts_at if period else None,
                    ), is_new=True,
                )  # fmt: skip
                facts = {"process": key, "profile": record.profile_id, "variables": dict(variables)}
                if period is not None:
                    period.claim(session, record.instance_key)
                    facts |= period.facts
                work.note("case.started", record.business_key, facts)
                work.begin()
                work.save()
        except (ElementFailed, GuardTripped) as failure:
            en, zh, _ = described(failure)
            raise InvalidInput(f"The case was not started: {en}", f"事项没有登记：{zh}") from failure
        except IntegrityError as taken:
            if business_key is not None:
                raise _taken(engine, record, taken) from taken
            if attempt == tries:
                raise  # Else somebody has just given our number by hand: the next one.
        except DBAPIError as problem:
            if attempt == tries or not may_be_tried_again(problem):
                raise
        else:
            work.keep()
            return Started(
                record.instance_key,
                record.business_key,
                record.definition_key,
                record.process_key,
                record.state != "running",
            )
    raise AssertionError("unreachable")


def _taken(engine: Engine, record: CaseRecord, taken: IntegrityError) -> Exception:
    """Who has the number already, in the same organisation: nobody learns of another's cases."""
    number_of = {
        "of_organisation": record.organisation_key,
        "of_process": record.process_key,
        "of_number": record.business_key,
    }
    with engine.store.reading() as session:
        row = session.connection().execute(_HOLDER, number_of).first()
    if row is None:
        return taken
    number = record.business_key
    return Conflict(
        f"Expected a new number, but {row.started_by} registered {number} at {row.started_at:%Y-%m-%d %H:%M:%S} UTC.",
        f"编号“{number}”已由 {row.started_by} 于 {row.started_at:%Y-%m-%d %H:%M:%S}（UTC）登记。",
        by=row.started_by,
        at=row.started_at,
    )


def _organisation(session: Session, actor: Actor, key: str | None, profile_id: str | None) -> Any:
    wanted = key or actor.organisation_key
    connection = session.connection()
    if wanted is not None:
        found = connection.execute(_ORGANISATION, {"of_organisation": wanted}).one_or_none()
        if found is None:
            raise NotFound("organisation", wanted, "机构")
        return found
    everyone = connection.execute(_ORGANISATIONS).all()
    fitting = [
        one
        for one in everyone
        if any(profile_id in chosen_profiles(one.profiles, family) for family in one.profiles)
    ]
    fitting = fitting or [one for one in everyone if one.profiles] or list(everyone)
    if not fitting:
        raise NotFound("organisation", "-", "机构")
    return fitting[0]


def _release(
    engine: Engine,
    session: Session,
    organisation: Any,
    process_key: str | None,
    profile_id: str | None,
) -> tuple[InstalledRelease, Profile | None, str]:
    if process_key is None:
        if profile_id is None:
            raise InvalidInput(
                "Expected a process key or a profile, but there is neither.", "请指定流程或策略档案。"
            )
        for release in engine.releases.newest_of_families(session):
            profile = release.profile(profile_id)
            if profile is not None:
                return release, profile, profile.process
        raise NotFound("profile", profile_id, "策略档案")
    release = engine.releases.newest(session, process_key)
    if profile_id is not None:
        profile = release.profile(profile_id)
        if profile is None:
            raise NotFound("profile", profile_id, "策略档案")
        if not release.runs_under(profile, process_key):
            raise InvalidInput(
                f"Expected a profile that runs {process_key}, but {profile_id} runs {', '.join(profile.processes)}.",
                f"策略档案“{profile_id}”不适用于流程“{process_key}”，它适用于：{'、'.join(profile.processes)}。",
            )
        return release, profile, process_key
    chosen = chosen_profiles(organisation.profiles, release.family)
    fitting = sorted(one.id for one in release.profiles.values() if process_key in one.processes)
    wanted = [one for one in chosen if one in fitting] or fitting or [*chosen, ""]
    return release, release.profiles.get(wanted[0]), process_key


def first_values(
    release: InstalledRelease, process_key: str, variables: Mapping[str, Any], *, is_form: bool
) -> dict[str, Any]:
    """Every field of every form exists from the start, empty, so that no condition meets a missing name."""
    first: dict[str, Any] = dict.fromkeys(sorted(release.form_fields.get(process_key, ())))
    form = release.start_form(process_key)
    if form is not None:
        known = {name: value for name, value in variables.items() if name in form.field_names}
        result = form.validate(dict(variables) if is_form else known, is_partial=not is_form)
        if result.errors:
            raise InvalidForm(form.key, result.errors)
        for one in form.fields:
            if "default" in one.schema:
                first[one.name] = one.schema["default"]
        first |= result.values
    return first | {name: value for name, value in variables.items() if first.get(name) is None}


def _next_free_number(
    engine: Engine,
    session: Session,
    organisation: Any,
    profile: Profile | None,
    process_key: str,
    now: datetime,
) -> str:
    """Counts up past numbers that were given by hand, or by another profile with the same pattern."""
    numbering = profile.numbering if profile else Numbering()
    year = str(now.astimezone(engine.calendars.get(organisation.calendar, session).zone).year)
    period = year if numbering.restarts == "year" else ""
    series = profile.id if profile else process_key
    while True:
        number = next_number(session, organisation.organisation_key, series, period)
        business_key = numbering.pattern.format(year=year, number=number)
        number_of = {
            "of_organisation": organisation.organisation_key,
            "of_process": process_key,
            "of_number": business_key,
        }
        if session.connection().execute(_HOLDER, number_of).first() is None:
            return business_key


def _record(
    engine: Engine,
    session: Session,
    actor: Actor,
    organisation: Any,
    directory: Directory,
    release: InstalledRelease,
    profile: Profile | None,
    process_key: str,
    unit_key: str | None,
    business_key: str | None,
    values: dict[str, Any],
    *,
    is_imported: bool,
) -> CaseRecord:
    now = engine.clock.now()
    unit = unit_key or next(
        (held.unit_key for held in actor.memberships if held.unit_key in directory.units), directory.root_key
    )
    if unit not in directory.units:
        raise NotFound("unit", unit, "单位")
    if business_key is None:
        business_key = _next_free_number(engine, session, organisation, profile, process_key, now)
    subject = values.get("subject")
    return CaseRecord(
        instance_key=new_key(),
        organisation_key=organisation.organisation_key,
        unit_key=unit,
        release_key=release.release_key,
        definition_key=release.definitions[process_key],
        process_key=process_key,
        profile_id=profile.id if profile else "",
        business_key=business_key,
        subject=subject
        if isinstance(subject, str) and subject
        else release.names.get(process_key) or process_key,
        state="running",
        row_version=1,
        variables=values,
        started_at=now,
        started_by=actor.username,
        changed_at=now,
        changed_by=actor.username,
        complained_about=accused_of(values),
        is_safety=values.get("severity") == "safety",
        is_imported=is_imported,
    )
