"""`huiyin case suspend`, `resume`, `skip`, `go-back`, `move-due`, `mend`, `retry`: each with a reason in the record."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import click

from engine.commands.engine import Engine
from engine.commands.repair.go_back_to import go_back_to
from engine.commands.repair.mend_incident import mend_incident, retry_incidents
from engine.commands.repair.move_due_moment import move_due_moment
from engine.commands.repair.skip_element import skip_element
from engine.commands.repair.suspend_case import resume_case, suspend_case
from engine.people import Actor
from web.cli.case_lookup import case_key, one_place, places_of
from web.cli.doors import acting_person, open_engine
from web.cli.failure import Failure
from web.cli.json_input import data_options, read_data
from web.cli.options import act_options, actor_option, database_option, json_option
from web.cli.output import print_json, print_table


@click.command()
@click.argument("case", metavar="CASE")
@actor_option
@json_option
@database_option
def places(case: str, acting: str | None, as_json: bool, database: str | None) -> None:
    """Where CASE waits: tasks, jobs, timers, messages, with the keys that other commands take."""
    with open_engine(database) as engine:
        _, found = places_of(engine, acting_person(engine, acting), case)
    rows = [(one.element_id, one.kind, one.process_key, one.key) for one in found]
    columns = ("element", "kind", "process", "key")
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_table(columns, rows)


@click.command()
@click.argument("case", metavar="CASE")
@act_options
def suspend(case: str, reason: str, acting: str | None, as_json: bool, database: str | None) -> None:
    """Stop CASE where it stands: no step, no timer, no job until it is resumed. Its clocks go on."""
    _on(suspend_case, case, reason, acting, as_json, database)


@click.command()
@click.argument("case", metavar="CASE")
@act_options
def resume(case: str, reason: str, acting: str | None, as_json: bool, database: str | None) -> None:
    """Let CASE go on; what fell due meanwhile is done once."""
    _on(resume_case, case, reason, acting, as_json, database)


@click.command("skip")
@click.argument("case", metavar="CASE")
@click.argument("place", metavar="PLACE")
@act_options
def skip(case: str, place: str, reason: str, acting: str | None, as_json: bool, database: str | None) -> None:
    """Pass over PLACE (an element id, or the end of its key): the case goes on as if it were done, without data."""

    def act(engine: Engine, actor: Actor, key: str, place_key: str) -> None:
        skip_element(engine, actor, instance_key=key, place_key=place_key, reason=reason)

    _at_place(act, case, place, acting, as_json, database)


@click.command("go-back")
@click.argument("case", metavar="CASE")
@click.argument("place", metavar="PLACE")
@click.argument("element", metavar="ELEMENT")
@act_options
def go_back(
    case: str,
    place: str,
    element: str,
    reason: str,
    acting: str | None,
    as_json: bool,
    database: str | None,
) -> None:
    """From PLACE back to ELEMENT, which the case has passed in the same process or sub-process."""

    def act(engine: Engine, actor: Actor, key: str, place_key: str) -> None:
        go_back_to(engine, actor, instance_key=key, place_key=place_key, element_id=element, reason=reason)

    _at_place(act, case, place, acting, as_json, database)


@click.command("move-due")
@click.argument("key", metavar="KEY")
@click.argument("moment", metavar="MOMENT")
@act_options
def move_due(
    key: str, moment: str, reason: str, acting: str | None, as_json: bool, database: str | None
) -> None:
    """Give the timer or the clock KEY another due MOMENT (ISO 8601 with its zone)."""
    try:
        due_at = datetime.fromisoformat(moment)
    except ValueError:
        raise Failure(
            f"Expected a moment such as 2026-03-01T18:00+08:00, but found {moment!r}.",
            f"应为 2026-03-01T18:00+08:00 这样的时间，但写的是“{moment}”。",
        ) from None
    with open_engine(database) as engine:
        move_due_moment(engine, acting_person(engine, acting), key=key, due_at=due_at, reason=reason)
    if as_json:
        print_json({"key": key, "due_at": due_at.isoformat()})


@click.command()
@click.argument("incident", metavar="INCIDENT")
@data_options
@click.option("--retries", default=1, show_default=True, help="How often a failed job is tried.")
@act_options
def mend(
    incident: str,
    data: Any,
    pairs: tuple[str, ...],
    reason: str,
    retries: int,
    acting: str | None,
    as_json: bool,
    database: str | None,
) -> None:
    """Correct variables by hand, and try again what stopped the case."""
    values = read_data(data, pairs)
    with open_engine(database) as engine:
        actor = acting_person(engine, acting)
        mend_incident(engine, actor, incident_key=incident, values=values, reason=reason, retries=retries)
    if as_json:
        print_json({"incident_key": incident, "corrected": sorted(values)})


@click.command()
@click.argument("incidents", metavar="INCIDENT...", nargs=-1, required=True)
@click.option("--retries", default=1, show_default=True, help="How often a failed job is tried.")
@actor_option
@json_option
@database_option
def retry(
    incidents: tuple[str, ...], retries: int, acting: str | None, as_json: bool, database: str | None
) -> None:
    """Try again what stopped cases, many at once."""
    with open_engine(database) as engine:
        actor = acting_person(engine, acting)
        done = retry_incidents(engine, actor, incident_keys=incidents, retries=retries)
    if as_json:
        print_json(
            [{"incident_key": one.incident_key, "refused": one.refused and str(one.refused)} for one in done]
        )
    else:
        print_table(("incident", "refused"), ((one.incident_key, one.refused) for one in done))
    if any(one.refused for one in done):
        raise SystemExit(1)


def _on(
    command: Callable[..., None],
    case: str,
    reason: str,
    acting: str | None,
    as_json: bool,
    database: str | None,
) -> None:
    with open_engine(database) as engine:
        actor = acting_person(engine, acting)
        with engine.store.reading() as session:
            key = case_key(session, case)
        command(engine, actor, instance_key=key, reason=reason)
    if as_json:
        print_json({"instance_key": key})


def _at_place(
    act: Callable[[Engine, Actor, str, str], None],
    case: str,
    place: str,
    acting: str | None,
    as_json: bool,
    database: str | None,
) -> None:
    with open_engine(database) as engine:
        actor = acting_person(engine, acting)
        key, found = places_of(engine, actor, case)
        act(engine, actor, key, one_place(found, place).key)
        _, now = places_of(engine, actor, case)
    waiting = [one.element_id for one in now]
    if as_json:
        print_json({"instance_key": key, "waiting": waiting})
    else:
        print_table(("waiting",), ((one,) for one in waiting))
