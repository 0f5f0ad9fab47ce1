"""`huiyin backup` and `restore`: the whole database in one file, checked before it is trusted."""

import sqlite3
from contextlib import closing
from pathlib import Path

import click
from sqlalchemy import make_url

from engine.store import Store, schema_state
from web.cli.doors import database_file, settings_for
from web.cli.failure import Failure, in_language
from web.cli.options import database_option

_BUSY_SECONDS = 30


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@database_option
def backup(file: Path, database: str | None) -> None:
    """Copy the database into FILE while the server runs, and check the copy. An existing FILE is never overwritten."""
    source = _sqlite_file(settings_for(database).database_url, file)
    if not source.is_file():
        raise Failure(f"There is no database {source}.", f"没有数据库 {source}。")
    if file.exists():
        raise Failure(f"{file} exists already; name another file.", f"{file} 已存在，请换一个文件名。")
    unchecked = file.with_name(f"{file.name}.part")
    unchecked.unlink(missing_ok=True)
    _copy(source, unchecked)
    _check(unchecked)
    unchecked.rename(file)
    print(
        in_language(
            f"{file}: {file.stat().st_size} bytes, checked.", f"{file}：{file.stat().st_size} 字节，已核验。"
        )
    )


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--replace", is_flag=True, help="Replace a database that exists; it is kept beside it first.")
@database_option
def restore(file: Path, replace: bool, database: str | None) -> None:
    """Put the backup FILE in place of the database. Stop the server first."""
    target = _sqlite_file(settings_for(database).database_url, file)
    _check(file)
    if target.is_file():
        if not replace:
            raise Failure(
                f"{target} exists; --replace puts the backup in its place and keeps it as {_kept(target).name}.",
                f"{target} 已存在；加 --replace 会用备份替换它，并另存为 {_kept(target).name}。",
            )
        kept = _kept(target)
        if kept.exists():
            raise Failure(
                f"{kept} of an earlier restore is still there; move it away first.", f"请先移走 {kept}。"
            )
        _copy(target, kept)
    target.parent.mkdir(parents=True, exist_ok=True)
    _copy(file, target)
    _check(target)
    print(in_language(f"{target} holds the backup {file}.", f"{target} 已恢复为备份 {file}。"))


def _kept(target: Path) -> Path:
    return target.with_name(f"{target.name}.before-restore")


def _sqlite_file(url: str, file: Path) -> Path:
    found = database_file(url)
    if found is not None:
        return found
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        name = parsed.database or "huiyin"
        raise Failure(
            f"A PostgreSQL database is backed up by its own tools: `pg_dump --format=custom --file={file} {name}`, and "
            f"restored by `pg_restore --clean --dbname={name} {file}`.",
            f"PostgreSQL 请用其自带工具：备份 pg_dump --format=custom --file={file} {name}，"
            f"恢复 pg_restore --clean --dbname={name} {file}。",
        )
    raise Failure("Expected a database in a file, but it lives in memory.", "数据库在内存中，无法备份。")


def _copy(source: Path, target: Path) -> None:
    """Page by page through SQLite, so that what is being written meanwhile is in the copy whole or not at all."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=_BUSY_SECONDS)) as read,
        closing(sqlite3.connect(target, timeout=_BUSY_SECONDS)) as write,
    ):
        read.backup(write)


def _check(file: Path) -> None:
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as problem:
        raise Failure(
            f"{file} is no SQLite database: {problem}.", f"{file} 不是 SQLite 数据库：{problem}。"
        ) from problem
    if found != "ok":
        raise Failure(f"{file} is damaged: {found}.", f"{file} 已损坏：{found}。")
    store = Store(f"sqlite:///{file}")
    try:
        state = schema_state(store)
    finally:
        store.close()
    if state.current is None:
        raise Failure(f"{file} holds no tables of Huiyin.", f"{file} 中没有回音的表。")
