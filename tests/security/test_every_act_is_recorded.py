"""Each command that takes a person changes something, and says so in the record, or stands here with the reason."""

import ast
import importlib
import inspect
import pkgutil

import engine.commands
from engine.commands import external_tasks, hold_user_task

RECORDS = {"note", "append_administration"}
NOT_RECORDED = {
    "save_draft": "half a form, seen by nobody else, overwritten every few seconds",
    "put_note_aside": "reading is no act on a case",
    "mark_read": "reading is no act on a case",
    "note_presence": "who has which file on the screen, said every few seconds and forgotten",
    "fetch_and_lock": "a lease that ends by itself; what the worker reports is recorded",
    "lock_external_task": "the same for one job",
    "extend_lock": "the same, longer",
    "on_case": "the frame around each command, which records for itself",
    "read_attachment": "changes nothing",
    "require_case_read": "changes nothing",
    "refuse_accused": "changes nothing",
    "plan_migration": "changes nothing",
    "plan_migration_to": "changes nothing",
    "plan_calendar_change": "changes nothing",
}


def commands():
    """(name, module) of the functions that take engine and actor."""
    for found in pkgutil.walk_packages(engine.commands.__path__, "engine.commands."):
        module = importlib.import_module(found.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            parameters = list(inspect.signature(function).parameters)
            if function.__module__ != module.__name__ or name.startswith("_"):
                continue
            if parameters[:2] == ["engine", "actor"]:
                yield name, module


def names_in(node):
    for one in ast.walk(node):
        if isinstance(one, ast.Name):
            yield one.id
        elif isinstance(one, ast.Attribute):
            yield one.attr


def is_recorded(name, module, seen=()):
    """Whether the function, or one that it uses, appends to a chain."""
    bodies = {one.name: one for one in ast.parse(inspect.getsource(module)).body if hasattr(one, "name")}
    waiting, known = [name], set()
    while waiting:
        function = waiting.pop()
        if function in known or function not in bodies:
            continue
        known.add(function)
        used = set(names_in(bodies[function]))
        if used & RECORDS:
            return True
        waiting += used
        for other in used - known:
            elsewhere = getattr(module, other, None)
            home = getattr(elsewhere, "__module__", "")
            is_ours = inspect.isfunction(elsewhere) and home.startswith("engine.commands.")
            if not is_ours or home == module.__name__ or (other, home) in seen:
                continue
            if is_recorded(other, importlib.import_module(home), (*seen, (other, home))):
                return True
    return False


def test_every_command_is_recorded_or_says_why_not():
    found = dict(commands())

    silent = sorted(name for name, module in found.items() if not is_recorded(name, module))

    assert len(found) > 25
    assert [name for name in silent if name not in NOT_RECORDED] == []


def test_what_records_nothing_is_seen():
    assert not is_recorded("save_draft", hold_user_task)
    assert not is_recorded("extend_lock", external_tasks)
    assert is_recorded("set_retries", external_tasks)
