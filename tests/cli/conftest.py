"""The command line as a person calls it: arguments in, lines and an exit code out."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from engines import make_engine, settle

from engine.model import SystemClock
from engine.store import Store, upgrade_schema
from web.cli import huiyin


@dataclass(frozen=True)
class Said:
    """What a command said. `out` and `err` are lines."""

    code: int
    stdout: str
    stderr: str

    @property
    def out(self) -> list[str]:
        return self.stdout.splitlines()

    @property
    def err(self) -> list[str]:
        return self.stderr.splitlines()

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)


Call = Callable[..., Said]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch) -> Call:
    """`call("due", "2026-02-13", "3 WD")`."""
    for name in ("HUIYIN_LOCALE", "LC_ALL", "LC_MESSAGES", "LANG", "HUIYIN_DATABASE_URL", "HUIYIN_SETTINGS"):
        monkeypatch.delenv(name, raising=False)

    def invoke(*arguments: str | Path, stdin: str | None = None) -> Said:
        result = CliRunner().invoke(huiyin, [str(one) for one in arguments], input=stdin)
        assert isinstance(result.exception, SystemExit | None), result.exception
        return Said(result.exit_code, result.stdout, result.stderr)

    return invoke


@pytest.fixture(scope="session")
def _settled_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("cli") / "settled.db"
    store = Store(f"sqlite:///{file}")
    upgrade_schema(store)
    settle(make_engine(store, SystemClock()))
    store.close()
    return file


@pytest.fixture
def database(_settled_file: Path, tmp_path: Path) -> str:
    """The URL of a database with the small organisation and the tiny family."""
    file = tmp_path / "huiyin.db"
    shutil.copy(_settled_file, file)
    return f"sqlite:///{file}"
