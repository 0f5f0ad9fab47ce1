"""Where a case of a story stands: what is open, for whom, with which values filled in, and what time would do next."""

from collections.abc import Iterator
from typing import Any

from engine.commands.due.due_work import next_due_at
from engine.model.message import is_signal
from engine.rehearsal.filled_form import example_values
from engine.rehearsal.scene import Scene

Json = dict[str, Any]


def standing_of(scene: Scene) -> Json:
    """As JSON. `next_due`: the next moment at which something happens by itself, None when nothing does."""
    zone = scene.calendar.zone
    due = next_due_at(scene.engine)
    return {
        "now": scene.clock.now().astimezone(zone).isoformat(),
        "next_due": due.astimezone(zone).isoformat() if due is not None else None,
        "state": scene.rows.instance.state,
        "end": scene.rows.instance.end_element_id,
        "tasks": list(_tasks(scene)),
        "messages": sorted(
            {one.message_name for one in scene.rows.subscriptions() if not is_signal(one.message_name)}
        ),
        "jobs": [one.element_id for one in scene.rows.jobs() if one.is_external],
        "clocks": [
            {
                "limit": one.limit_id,
                "element": one.element_id,
                "state": one.state,
                "due": one.due_at.astimezone(zone).isoformat(),
            }
            for one in scene.rows.clocks()
        ],
        "incidents": [dict(one.message) for one in scene.rows.incidents()],
        "variables": {name: value for name, value in scene.rows.variables().items() if value is not None},
    }


def _tasks(scene: Scene) -> Iterator[Json]:
    people = [name for name in scene.cast.people if not scene.cast.is_outside(name)]
    for task in scene.rows.tasks():
        form = scene.known.release.forms.get(task.form_ref) if task.form_ref else None
        excluded = {scene.rows.instance.complained_about}
        yield {
            "element": task.element_id,
            "process": task.process_key,
            "form": task.form_ref,
            "due": task.due_at.astimezone(scene.calendar.zone).isoformat() if task.due_at else None,
            "people": [name for name in people if scene.may_work_on(task, name)],
            "values": example_values(form, scene.story.given.variables, scene.cast, excluded) if form else {},
        }
