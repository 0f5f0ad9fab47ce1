"""A matter of the pages' family that is over, and a working copy in which its limit is shorter."""

from datetime import timedelta

import orjson
from engines import person
from pages import MATTER_FAMILY, new_case, task_of

from engine.commands.complete_user_task import complete_user_task
from engine.commands.due.due_work import do_due_work
from engine.commands.engine import Engine
from engine.commands.working_copies.open_working_copy import open_working_copy
from engine.commands.working_copies.save_working_file import save_working_file
from engine.model import VirtualClock

PROFILE = "profiles/MATTER.toml"
SHORTER = ('value = "1 WD"', 'value = "1 H"')


def finish_matter(engine: Engine) -> str:
    """Li Na answered it after two hours, Wang Wei checked it after two more. Its key."""
    key = new_case(engine)
    clock = engine.clock
    assert isinstance(clock, VirtualClock)
    for username, element_id, form in (
        ("li_na", "answer_customer", "answer"),
        ("wang_wei", "check_answer", "check"),
    ):
        clock.advance(timedelta(hours=2))
        do_due_work(engine)
        example = orjson.loads((MATTER_FAMILY / "forms" / f"{form}.json").read_bytes())["examples"][0]
        complete_user_task(
            engine, person(engine, username), user_task_key=task_of(engine, key, element_id), values=example
        )
    return key


def change_profile(engine: Engine, old: str, new: str, by: str = "he_jing") -> None:
    """In the working copy, which is opened."""
    text = (MATTER_FAMILY / PROFILE).read_text(encoding="utf-8")
    assert old in text, text
    actor = person(engine, by)
    copy = open_working_copy(engine, actor, family="matter_family")
    content = text.replace(old, new).encode()
    save_working_file(engine, actor, copy_key=copy, path=PROFILE, content=content, seen=0)
