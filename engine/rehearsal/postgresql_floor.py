"""Stories on PostgreSQL, in a database of their own; where the user may not make one, in a schema of their own."""

from typing import Any

from sqlalchemy import URL, create_engine, make_url
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

from engine.model import Base, InvalidInput, new_key
from engine.store import Store

PREFIX = "huiyin_rehearsal_"
_MAY_NOT = "42501"
_TABLES = [table.name for table in Base.metadata.sorted_tables]


class PostgresqlFloor:
    def __init__(self, database_url: str) -> None:
        self._given = make_url(database_url)
        self._name = f"{PREFIX}{new_key()}"
        self._kind = self._make()
        self.store = Store(self._url().render_as_string(hide_password=False))
        self._remembered: dict[str, bytes] = {}

    def remember(self) -> None:
        with self.store.reading() as session:
            cursor = _cursor(session)
            for table in _TABLES:
                with cursor.copy(f"COPY {table} TO STDOUT (FORMAT binary)") as rows:
                    self._remembered[table] = b"".join(rows)

    def set_back(self) -> None:
        # Deleting takes a tenth of the time of TRUNCATE, which makes new files for each table and index.
        with self.store.transaction() as session:
            cursor = _cursor(session)
            cursor.execute(";".join(f"DELETE FROM {table}" for table in reversed(_TABLES)))  # noqa: S608
            for table, content in self._remembered.items():
                with cursor.copy(f"COPY {table} FROM STDIN (FORMAT binary)") as rows:
                    rows.write(content)

    def close(self) -> None:
        self.store.close()
        if self._kind == "database":
            self._execute(f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")
        else:
            self._execute(f"DROP SCHEMA IF EXISTS {self._name} CASCADE")

    def _make(self) -> str:
        try:
            self._execute(f"CREATE DATABASE {self._name} TEMPLATE template0 ENCODING 'UTF8'")
        except ProgrammingError as refused:
            if getattr(refused.orig, "sqlstate", None) != _MAY_NOT:
                raise
        else:
            return "database"
        try:
            self._execute(f"CREATE SCHEMA {self._name}")
        except ProgrammingError as refused:
            if getattr(refused.orig, "sqlstate", None) != _MAY_NOT:
                raise
            raise _refusal(self._given) from refused
        return "schema"

    def _url(self) -> URL:
        if self._kind == "database":
            return self._given.set(database=self._name)
        # Every table name of ours is unqualified: with only this schema on the path no other table can be meant.
        options = (self._given.query.get("options", ""), f"-csearch_path={self._name}")
        return self._given.update_query_dict({"options": " ".join(map(str, options)).strip()})

    def _execute(self, statement: str) -> None:
        engine = create_engine(self._given, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)


def _cursor(session: Any) -> Any:
    return session.connection().connection.cursor()


def _refusal(url: URL) -> InvalidInput:
    user, database = url.username or "the user", url.database or "the database"
    return InvalidInput(
        f"Expected {user} to be allowed a database or a schema for the stories, but neither is: "
        f"ALTER ROLE {user} CREATEDB, or GRANT CREATE ON DATABASE {database} TO {user}; "
        "without --database stories are played in memory.",
        f"用户 {user} 既不能建数据库也不能建模式，情景无处演练：请执行 ALTER ROLE {user} CREATEDB，"
        f"或 GRANT CREATE ON DATABASE {database} TO {user}；不加 --database 则在内存中演练。",
    )
