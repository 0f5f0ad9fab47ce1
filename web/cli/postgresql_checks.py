"""What the doctor looks at on PostgreSQL only: the server, its clock and connections, and the workers on it."""

from collections.abc import Iterator
from datetime import timedelta

from engine.commands.engine import Engine
from engine.queries.database_server import DatabaseServer, find_database_server, passes_on_calls
from engine.queries.tickets import TicketsOfQueue, find_tickets, find_unattended
from engine.queries.workers_alive import count_workers_alive
from web.cli.check import ERROR, OK, WARNING, Check

OLDEST_VERSION = 14
CLOCKS_APART = timedelta(seconds=2)
# The ring sees a due row within a second, and a free worker takes a ticket at once.
RING_LATE = timedelta(seconds=15)
TICKET_LATE = timedelta(minutes=2)


def postgresql_checks(engine: Engine) -> Iterator[Check]:
    """Needs the tables to be there."""
    server = find_database_server(engine)
    yield _version(server)
    yield _encoding(server)
    yield _clock(server)
    yield _connections(server)
    yield _calls(passes_on_calls(engine))
    workers = count_workers_alive(engine) or 0
    yield _workers(workers)
    found = find_tickets(engine)
    yield from (_tickets(engine, tickets) for tickets in found)
    if not found:
        yield Check("tickets", OK, "None waits.", "没有等待的工作。")
    yield _unattended(engine)


def _version(server: DatabaseServer) -> Check:
    en, zh = f"PostgreSQL {server.version}.", f"PostgreSQL {server.version}。"
    if server.version >= OLDEST_VERSION:
        return Check("version", OK, en, zh)
    return Check(
        "version", ERROR, en, zh,
        f"Move the database to PostgreSQL {OLDEST_VERSION} or newer (pg_dump, pg_restore).",
        f"请迁移到 PostgreSQL {OLDEST_VERSION} 或更新版本（pg_dump、pg_restore）。",
    )  # fmt: skip


def _encoding(server: DatabaseServer) -> Check:
    en, zh = f"Texts are stored as {server.encoding}.", f"文本编码为 {server.encoding}。"
    if server.encoding == "UTF8":
        return Check("encoding", OK, en, zh)
    return Check(
        "encoding", ERROR, en, zh,
        "Make a new database with `createdb --encoding=UTF8 --template=template0` and restore a dump into it.",
        "请用 createdb --encoding=UTF8 --template=template0 新建数据库，再恢复备份。",
    )  # fmt: skip


def _clock(server: DatabaseServer) -> Check:
    apart = server.clock_ahead.total_seconds()
    en = f"The database's clock differs from this machine's by {apart:+.1f} s."
    zh = f"数据库与本机的时钟相差 {apart:+.1f} 秒。"
    if abs(server.clock_ahead) <= CLOCKS_APART:
        return Check("clock", OK, en, zh)
    return Check(
        "clock", WARNING, en, zh,
        "Set both by NTP (`timedatectl set-ntp true`): due moments follow the machine, silence of workers the database.",
        "请两边都启用 NTP（timedatectl set-ntp true）：期限按本机时钟，工作进程是否失联按数据库时钟。",
    )  # fmt: skip


def _connections(server: DatabaseServer) -> Check:
    en = (
        f"{server.used} of {server.allowed} connections are used, {server.ours} of them here; "
        f"one process may open {server.most_of_a_process}."
    )
    zh = (
        f"已用连接 {server.used}/{server.allowed}，其中本库 {server.ours}；"
        f"每个进程最多打开 {server.most_of_a_process} 个。"
    )
    if server.used + server.most_of_a_process <= server.allowed:
        return Check("connections", OK, en, zh)
    return Check(
        "connections", WARNING, en, zh,
        "Raise max_connections of PostgreSQL before you start another process, or run fewer.",
        "增加进程之前请调大 PostgreSQL 的 max_connections，或减少进程。",
    )  # fmt: skip


def _calls(is_heard: bool) -> Check:
    if is_heard:
        return Check("calls", OK, "LISTEN hears NOTIFY.", "LISTEN 能收到 NOTIFY。")
    return Check(
        "calls", ERROR, "LISTEN does not hear NOTIFY of another connection.", "LISTEN 收不到其他连接的 NOTIFY。",
        "Let Huiyin reach PostgreSQL itself, or through a pooler in session mode (not transaction mode).",
        "请让回音直连 PostgreSQL；如经连接池，须用 session 模式，不能用 transaction 模式。",
    )  # fmt: skip


def _workers(number: int) -> Check:
    if number:
        return Check(
            "workers", OK, f"{number} are heard of (one for each queue of a process).",
            f"{number} 个在线（每个进程每个队列一个）。",
        )  # fmt: skip
    return Check(
        "workers", WARNING, "None is heard of: what falls due waits.", "没有在线的工作进程，到期的工作无人处理。",
        "Start `huiyin worker`.", "请启动 huiyin worker。",
    )  # fmt: skip


def _tickets(engine: Engine, tickets: TicketsOfQueue) -> Check:
    en = f"{tickets.queue}: {tickets.waiting} wait, {tickets.in_hand} in hand."
    zh = f"{tickets.queue}：等待 {tickets.waiting}，处理中 {tickets.in_hand}。"
    if tickets.waits_since is None or engine.clock.now() - tickets.waits_since <= TICKET_LATE:
        return Check("tickets", OK, en, zh)
    since = f"{tickets.waits_since:%Y-%m-%d %H:%M}"
    return Check(
        "tickets", WARNING, f"{en} The oldest waits since {since} UTC.", f"{zh}最早的自 {since}（UTC）起等待。",
        f"Start more of `huiyin worker`, or one that takes this queue: `huiyin worker --queue {tickets.queue}`.",
        f"请增加 huiyin worker，或启动处理该队列的进程：huiyin worker --queue {tickets.queue}。",
    )  # fmt: skip


def _unattended(engine: Engine) -> Check:
    found = find_unattended(engine, engine.clock.now() - RING_LATE)
    if not found.number or found.oldest_due_at is None:
        return Check("ring", OK, "Each due row has its ticket.", "到期的工作都已派出。")
    since = f"{found.oldest_due_at:%Y-%m-%d %H:%M}"
    return Check(
        "ring", ERROR, f"{found.number} due rows have no ticket, the oldest since {since} UTC.",
        f"{found.number} 项到期的工作没有派出，最早的自 {since}（UTC）起。",
        "Start `huiyin worker`; if one runs, its log says why it cannot ring.",
        "请启动 huiyin worker；如已启动，请看其日志。",
    )  # fmt: skip
