"""Inner variable scopes of one command: only those that changed are written, those that closed are deleted."""

from functools import cache
from typing import Any

import orjson
from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite

from engine.commands.case.frame import CaseFrame
from engine.model import VariableScope, table_of
from engine.spiff import CASE_SCOPE

_scopes = table_of(VariableScope)
_DELETE = _scopes.delete().where(
    _scopes.c.instance_key == bindparam("of_case"), _scopes.c.scope_key == bindparam("of_scope")
)


class CaseScopes:
    def __init__(self, frame: CaseFrame, *, is_new: bool) -> None:
        self.frame = frame
        self._stored = {} if is_new else self._dumped()

    def _dumped(self) -> dict[str, bytes]:
        scopes = self.frame.run.scopes
        return {key: orjson.dumps(values) for key, values in scopes.items() if key != CASE_SCOPE}

    def save(self) -> None:
        now = self._dumped()
        connection, case_key = self.frame.session.connection(), self.frame.record.instance_key
        closed = [key for key in self._stored if key not in now]
        if closed:
            connection.execute(_DELETE, [{"of_case": case_key, "of_scope": key} for key in closed])
        changed = [key for key, stored in now.items() if self._stored.get(key) != stored]
        if changed:
            scopes = self.frame.run.scopes
            rows = [
                {
                    "instance_key": case_key,
                    "scope_key": key,
                    "kind": "iteration" if "loopCounter" in scopes[key] else "called",
                    "variables": scopes[key],
                }
                for key in changed
            ]
            connection.execute(_upsert(connection.dialect.name), rows)


@cache
def _upsert(dialect_name: str) -> Any:
    dialect = postgresql if dialect_name == "postgresql" else sqlite
    wanted = dialect.insert(_scopes)
    return wanted.on_conflict_do_update(
        index_elements=["instance_key", "scope_key"], set_={"variables": wanted.excluded.variables}
    )
