"""What a person reads when a command cannot go on: one line, with the remedy."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError, ProgrammingError

from engine.decisions import DecisionError
from engine.diagrams import DiagramError
from engine.model import HuiyinError
from engine.worktime import CalendarFileError, CalendarMissing, LimitError

DEBUG = "HUIYIN_DEBUG"


class Failure(click.ClickException):
    """A refusal that the person at the terminal can act on."""

    def __init__(self, en: str, zh: str | None = None) -> None:
        super().__init__(in_language(en, zh or en))


class Fault(Failure):
    """Ours to mend: nothing that the person did."""

    exit_code = 70


def language() -> str:
    """`zh` or `en`, as the terminal's environment says; HUIYIN_LOCALE wins."""
    for name in ("HUIYIN_LOCALE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def in_language(en: str, zh: str) -> str:
    return zh if language() == "zh" else en


def one_line(text: str) -> str:
    return " ".join(text.split())


@contextmanager
def plain_failures() -> Iterator[None]:
    """Turns every error that a command may meet into a Failure. `HUIYIN_DEBUG=1` lets it through for developers."""
    try:
        yield
    except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError, KeyboardInterrupt):
        raise
    except Exception as problem:
        if os.environ.get(DEBUG):
            raise
        raise failure_of(problem) from problem


def failure_of(problem: Exception) -> Failure:
    """What a person is told of an error."""
    match problem:
        case Failure():
            return problem
        case (
            HuiyinError()
            | DiagramError()
            | DecisionError()
            | CalendarFileError()
            | CalendarMissing()
            | LimitError()
        ):
            return Failure(problem.en, problem.zh)
        case OperationalError() | ProgrammingError() if "no such table" in str(problem.orig) or (
            getattr(problem.orig, "sqlstate", None) == "42P01"
        ):
            return Failure(
                "The database has no tables yet; run `huiyin db upgrade` (or `huiyin run`) first.",
                "数据库还没有建表，请先运行 huiyin db upgrade（或 huiyin run）。",
            )
        case ArgumentError() | NoSuchModuleError():
            return Failure(
                f"Expected a database URL such as sqlite:///huiyin.db, but {problem}.",
                f"数据库地址应形如 sqlite:///huiyin.db，但：{problem}。",
            )
        case OperationalError():
            return Failure(
                f"The database cannot be used: {problem.orig}. Check --database or HUIYIN_DATABASE_URL.",
                f"数据库无法使用：{problem.orig}。请检查 --database 或 HUIYIN_DATABASE_URL。",
            )
        case DatabaseError():
            return Failure(f"The database refused: {problem.orig}.", f"数据库拒绝了操作：{problem.orig}。")
        case OSError() if problem.filename is not None:
            return Failure(
                f"{problem.filename}: {problem.strerror or problem}.",
                f"{problem.filename}：{problem.strerror or problem}。",
            )
        case UnicodeDecodeError():
            return Failure(f"Expected UTF-8 text, but {problem}.", f"文件应为 UTF-8 编码，但：{problem}。")
        case _:
            what = f"{type(problem).__name__}: {problem}"
            return Fault(
                f"Unexpected fault: {what} (set {DEBUG}=1 to see where).",
                f"意外错误：{what}（设 {DEBUG}=1 可查看位置）。",
            )
