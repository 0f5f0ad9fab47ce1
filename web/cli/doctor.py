"""`huiyin doctor`: what is not as it should be, and how to mend it."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from engine.commands.calendar_shelf import Calendars
from engine.commands.due.due_work import next_moment_due_at
from engine.commands.engine import Engine
from engine.model import HuiyinError
from engine.queries.rest_measures import find_measures
from engine.store import schema_state
from engine.worktime import CalendarFileError
from web.assets import BUILD
from web.cli.check import ERROR, OK, WARNING, Check
from web.cli.doors import database_file, settings_for
from web.cli.failure import in_language
from web.cli.options import database_option, json_option
from web.cli.output import print_json
from web.cli.postgresql_checks import postgresql_checks
from web.wiring.build import build_engine
from web.wiring.settings import Settings

LATE = timedelta(minutes=2)
NOTICE_MONTH = 11  # the State Council's notice of the next year comes out in November


@click.command()
@json_option
@database_option
def doctor(as_json: bool, database: str | None) -> int:
    """Check database, schema, calendars, mail, pages and due work. Exit code 1 when something is broken."""
    settings = settings_for(database)
    checks = [*_database(settings), *_calendars(settings), _mail(settings), _pages(BUILD)]
    is_sound = all(check.state != ERROR for check in checks)
    if as_json:
        print_json(
            {
                "ok": is_sound,
                "checks": [
                    {
                        "name": one.name,
                        "state": one.state,
                        "says": {"zh": one.zh, "en": one.en},
                        "remedy": {"zh": one.remedy_zh, "en": one.remedy_en} if one.state != OK else None,
                    }
                    for one in checks
                ],
            }
        )
    else:
        for one in checks:
            remedy = in_language(one.remedy_en, one.remedy_zh) if one.state != OK else ""
            print(f"{one.state:7}  {one.name:11}  {in_language(one.en, one.zh)} {remedy}".rstrip())
    return 0 if is_sound else 1


def _database(settings: Settings) -> Iterator[Check]:
    file = database_file(settings.database_url)
    if file is not None and not file.is_file():
        yield Check(
            "database", ERROR, f"There is no database {file}.", f"没有数据库 {file}。",
            "Run `huiyin run`, or `huiyin db upgrade`.", "请运行 huiyin run 或 huiyin db upgrade。",
        )  # fmt: skip
        return
    try:
        engine = build_engine(settings)
    except (SQLAlchemyError, ImportError, HuiyinError) as problem:
        yield _unreachable(problem)
        return
    try:
        yield from _schema(engine)
    finally:
        engine.store.close()


def _schema(engine: Engine) -> Iterator[Check]:
    shown = engine.store.engine.url.render_as_string()
    try:
        state = schema_state(engine.store)
    except SQLAlchemyError as problem:
        yield _unreachable(problem)
        return
    except HuiyinError as problem:
        yield Check("schema", ERROR, problem.en, problem.zh)
        return
    yield Check("database", OK, f"{shown} answers.", f"{shown} 可用。")
    if not state.is_usable:
        yield Check(
            "schema", ERROR, f"Revision {state.current or '-'}, needed is {state.head}.",
            f"版本 {state.current or '-'}，需要 {state.head}。", "Run `huiyin db upgrade`.", "请运行 huiyin db upgrade。",
        )  # fmt: skip
        return
    if state.is_newer:
        yield Check(
            "schema", WARNING, f"Revision {state.current}, made by a newer program than this one ({state.head}).",
            f"版本 {state.current}，由比本程序（{state.head}）更新的程序建立。",
            "Finish the upgrade: install the newer program on this machine too.", "请在本机也安装新版本，完成升级。",
        )  # fmt: skip
    else:
        yield Check("schema", OK, f"Revision {state.head}.", f"版本 {state.head}。")
    yield from _due_work(engine)
    if not engine.store.is_sqlite:
        yield from postgresql_checks(engine)


def _due_work(engine: Engine) -> Iterator[Check]:
    now, due_at = engine.clock.now(), next_moment_due_at(engine)
    if due_at is not None and due_at + LATE < now:
        yield Check(
            "due work", ERROR, f"Nothing has been done since {due_at:%Y-%m-%d %H:%M} UTC, when something fell due.",
            f"自 {due_at:%Y-%m-%d %H:%M}（UTC）起，到期的工作没有人处理。",
            "Start `huiyin run` or `huiyin worker`.", "请启动 huiyin run 或 huiyin worker。",
        )  # fmt: skip
    else:
        yield Check("due work", OK, "Nothing is late.", "没有积压。")
    incidents = next(one for one in find_measures(engine) if one.name == "huiyin_incidents_open").values[""]
    if incidents:
        yield Check(
            "incidents", WARNING, f"{incidents:g} cases have stopped and wait for a person.",
            f"有 {incidents:g} 件事项停在异常，等待处理。",
            "Open the case and resolve its incident.", "请打开事项，处理异常后重试。",
        )  # fmt: skip


def _unreachable(problem: Exception) -> Check:
    reason = getattr(problem, "orig", None) or problem
    return Check(
        "database", ERROR, f"It cannot be reached: {' '.join(str(reason).split())}.",
        f"无法连接：{' '.join(str(reason).split())}。",
        "Check --database or HUIYIN_DATABASE_URL, and that the server runs.",
        "请检查 --database 或 HUIYIN_DATABASE_URL，并确认数据库服务已启动。",
    )  # fmt: skip


def _calendars(settings: Settings) -> Iterator[Check]:
    engine = build_engine(settings_for("sqlite://"))
    today = engine.clock.now().date()
    engine.store.close()
    _take_in_changes(settings, engine.calendars)
    folder = settings.processes_folder / "calendars"
    names = sorted(place.parent.name for place in folder.glob("*/calendar.toml"))
    if not names:
        yield Check(
            "calendars", ERROR, f"There is no calendar in {folder}.", f"{folder} 中没有日历。",
            "Check HUIYIN_PROCESSES_FOLDER.", "请检查 HUIYIN_PROCESSES_FOLDER。",
        )  # fmt: skip
    for name in names:
        yield _calendar(name, today, lambda name=name: engine.calendars.get(name).known_through)  # type: ignore[misc]


def _take_in_changes(settings: Settings, calendars: Calendars) -> None:
    """A notice that was installed on the page stands in the database, not in the files."""
    file = database_file(settings.database_url)
    if file is not None and not file.is_file():
        return
    try:
        engine = build_engine(settings)
        try:
            with engine.store.reading() as session:
                calendars.look(session)
        finally:
            engine.store.close()
    except (SQLAlchemyError, ImportError, HuiyinError):
        return  # The database's own check says so.


def _calendar(name: str, today: date, known_through: Callable[[], date]) -> Check:
    try:
        known = known_through()
    except CalendarFileError as problem:
        return Check("calendar", ERROR, problem.en, problem.zh)
    en, zh = f"{name} is known through {known}.", f"日历 {name} 已知至 {known}。"
    remedy_en = f"Import the published notice of {known.year + 1} on the page /calendars, or add {known.year + 1}.toml to processes/calendars/{name}."
    remedy_zh = f"请在“日历”页面导入 {known.year + 1} 年放假通知，或写入 processes/calendars/{name}/{known.year + 1}.toml。"
    if known < today:
        return Check("calendar", ERROR, en, zh, remedy_en, remedy_zh)
    if known.year == today.year and today.month >= NOTICE_MONTH:
        return Check("calendar", WARNING, en, zh, remedy_en, remedy_zh)
    return Check("calendar", OK, en, zh)


def _mail(settings: Settings) -> Check:
    if settings.mail is None:
        return Check(
            "mail", WARNING, "No mail is sent; notices stand in the app only.", "未设置邮件，通知只在系统内显示。",
            "Set HUIYIN_SMTP_HOST and HUIYIN_SMTP_SENDER.", "请设置 HUIYIN_SMTP_HOST 和 HUIYIN_SMTP_SENDER。",
        )  # fmt: skip
    place = f"{settings.smtp_host}:{settings.smtp_port} ({settings.smtp_security}, {settings.smtp_sender})"
    return Check("mail", OK, f"Sent by {place}.", f"经 {place} 发送。")


def _pages(build: Path) -> Check:
    if (build / "manifest.json").is_file():
        return Check("pages", OK, "Scripts and styles are built.", "页面脚本与样式已构建。")
    return Check(
        "pages", WARNING, "Scripts and styles are not built, pages lack looks.", "页面脚本与样式尚未构建。",
        "Run `make setup`.", "请运行 make setup。",
    )  # fmt: skip
