"""The command line as a person calls it: arguments in, lines and an exit code out."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from databases import KIND
from engines import make_engine, settle
from postgres_server import Postgres

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
def settled_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a database that others are copied from; nobody may write into it."""
    if KIND == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        with server.database() as url:
            _settle(url)
            yield url
        return
    url = f"sqlite:///{tmp_path_factory.mktemp('cli') / 'settled.db'}"
    _settle(url)
    yield url


def _settle(url: str) -> None:
    store = Store(url)
    upgrade_schema(store)
    settle(make_engine(store, SystemClock()))
    store.close()


@pytest.fixture
def database(request: pytest.FixtureRequest, settled_url: str, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with the small organisation and the tiny family."""
    if KIND == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        url = server.create(copy_of=settled_url)
        yield url
        server.drop(url)
        return
    file = tmp_path / "huiyin.db"
    shutil.copy(settled_url.removeprefix("sqlite:///"), file)
    yield f"sqlite:///{file}"
