"""`huiyin start`, `tasks`, `complete`: one case by hand."""

from typing import Any

import click
from sqlalchemy import select

from engine.commands.complete_user_task import complete_user_task
from engine.commands.engine import Engine
from engine.commands.start_instance import start_instance
from engine.model import Organisation, UserTask
from engine.people import Actor
from engine.queries.rest_listing import Wanted, list_rows
from engine.queries.rest_tasks import OPEN_TASKS
from web.cli.doors import acting_person, open_engine
from web.cli.failure import Failure, in_language
from web.cli.json_input import data_options, read_data
from web.cli.options import actor_option, database_option, json_option
from web.cli.output import print_json, print_table


@click.command()
@click.argument("process_key", metavar="KEY")
@click.option("--profile", default=None, help="The policy profile, such as CMP-01.")
@click.option("--org", "organisation", default=None, help="The organisation (default: that of the person).")
@click.option("--unit", default=None, help="The unit in which the case is registered.")
@click.option("--business-key", default=None, help="A number of your own instead of the next one.")
@data_options
@actor_option
@json_option
@database_option
def start(
    process_key: str,
    profile: str | None,
    organisation: str | None,
    unit: str | None,
    business_key: str | None,
    data: Any,
    pairs: tuple[str, ...],
    acting: str | None,
    as_json: bool,
    database: str | None,
) -> None:
    """Start a case of the process KEY; print its number and where it waits."""
    variables = read_data(data, pairs)
    with open_engine(database) as engine:
        actor = acting_person(engine, acting)
        started = start_instance(
            engine,
            actor,
            variables=variables,
            process_key=process_key,
            profile_id=profile,
            organisation_key=organisation,
            unit_key=unit,
            business_key=business_key,
        )
        waiting = _open_tasks(engine, actor, started.instance_key)
    if as_json:
        print_json(
            {
                "instance_key": started.instance_key,
                "business_key": started.business_key,
                "definition_key": started.definition_key,
                "ended": started.is_ended,
                "tasks": waiting,
            }
        )
        return
    print(started.business_key)
    _print_tasks(waiting)


@click.command()
@click.option("--case", "business_key", default=None, help="Only those of the case with this number.")
@actor_option
@json_option
@database_option
def tasks(business_key: str | None, acting: str | None, as_json: bool, database: str | None) -> None:
    """List open tasks that the person may see, the nearest deadline first."""
    filters = () if business_key is None else (("processInstanceBusinessKey", business_key),)
    with open_engine(database) as engine:
        rows = _listed(engine, acting_person(engine, acting), Wanted(filters, (("dueDate", False),)))
    if as_json:
        print_json(rows)
    else:
        _print_tasks(rows)


@click.command()
@click.argument("task", metavar="TASK")
@data_options
@actor_option
@json_option
@database_option
def complete(
    task: str, data: Any, pairs: tuple[str, ...], acting: str | None, as_json: bool, database: str | None
) -> None:
    """Complete TASK (its key, or as much of its end as is unique; `huiyin tasks` lists them) with the form's values."""
    values = read_data(data, pairs)
    with open_engine(database) as engine:
        actor = acting_person(engine, acting)
        done = complete_user_task(engine, actor, user_task_key=_task_key(engine, task), values=values)
        waiting = _open_tasks(engine, actor, done.instance_key)
    if as_json:
        print_json({"business_key": done.business_key, "ended": done.is_ended, "tasks": waiting})
        return
    print(done.business_key + (in_language(" is over", " 已结束") if done.is_ended else ""))
    _print_tasks(waiting)


def _task_key(engine: Engine, text: str) -> str:
    with engine.store.reading() as session:
        found = (
            session.execute(
                select(UserTask.user_task_key)
                .where(UserTask.user_task_key.endswith(text, autoescape=True))
                .limit(2)
            )
            .scalars()
            .all()
        )
    if len(found) > 1:
        raise Failure(
            f"More than one task ends in {text!r}; give more of its key.", f"以“{text}”结尾的待办不止一个。"
        )
    return found[0] if found else text


def _open_tasks(engine: Engine, actor: Actor, instance_key: str) -> list[dict[str, Any]]:
    return _listed(engine, actor, Wanted((("processInstanceId", instance_key),)))


def _listed(engine: Engine, actor: Actor, wanted: Wanted) -> list[dict[str, Any]]:
    with engine.store.reading() as session:
        rows = list_rows(session, OPEN_TASKS, actor, wanted)
        zones = {
            key: engine.calendars.get(name).zone
            for key, name in session.execute(select(Organisation.organisation_key, Organisation.calendar))
        }
    return [
        {
            "user_task_key": row.user_task_key,
            "business_key": row.business_key,
            "process_key": row.process_key,
            "element_id": row.element_id,
            "name": row.name,
            "assignee": row.assignee,
            "created_at": row.created_at.astimezone(zones[row.organisation_key]).isoformat(),
            "due_at": row.due_at.astimezone(zones[row.organisation_key]).isoformat() if row.due_at else None,
            "organisation_key": row.organisation_key,
        }
        for row in rows
    ]


def _print_tasks(rows: list[dict[str, Any]]) -> None:
    columns = ("task", "case", "element", "name", "assignee", "due")
    print_table(
        columns,
        (
            (
                one["user_task_key"],
                one["business_key"],
                one["element_id"],
                one["name"],
                one["assignee"],
                one["due_at"],
            )
            for one in rows
        ),
    )
