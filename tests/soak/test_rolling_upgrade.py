"""Two versions of the program side by side on one PostgreSQL, while the older one never stops to answer."""

import io
import shutil
import subprocess
import tarfile
from functools import partial
from itertools import chain, repeat
from pathlib import Path

import pytest
from at_once import at_once, failures
from program import Program, running
from rest_client import RestClient, example, typed
from running_server import pause
from sqlalchemy import func, select

from engine.audit import verify
from engine.model import Incident, Job, LadderStep, ProcessInstance, Timer
from engine.store import Store, schema_state
from engine.store.migrations import OLDEST_PROGRAM

HOUSE = Path(__file__).parents[2]
TICKING = Path(__file__).parent / "ticking"
BEFORE_TICKETS = (
    "eda1047"  # the last version whose jobs and timers were rows only, and that knew no `oldest_program`
)

pytestmark = [pytest.mark.postgresql]


@pytest.mark.soak
@pytest.mark.slow
def test_the_next_version_takes_over_while_this_one_serves(postgres, tmp_path):
    with postgres.empty_database() as url:
        old = Program("old", HOUSE, url, tmp_path)
        new = Program("new", next_version(tmp_path / "next"), url, tmp_path)
        old.run("db", "upgrade")
        old.settle(TICKING)
        old_web, new_web = old.web(), new.web()
        with running(old_web, old.worker()):
            client = everyday_work(old_web)
            assert "→ 9000" in new.run("db", "upgrade")
            with running(new_web, new.worker()):
                share_cases(old_web, new_web)
            stop_work(client)
        # What a step back needs: the old program, started anew on the tables of the next one.
        assert "nothing was changed" in old.run("db", "upgrade")
        with running(old_web, old.worker()):
            walk("dao", "ticking", "after the step back", old_web, old_web)
        check_whole(url)


@pytest.mark.soak
def test_this_version_takes_over_from_one_that_knew_no_tickets(postgres, tmp_path):
    with postgres.empty_database() as url:
        old = Program("old", version_of_the_past(tmp_path / "past"), url, tmp_path)
        new = Program("new", HOUSE, url, tmp_path)
        old.run("db", "upgrade")
        old.settle(TICKING)
        old_web, new_web = old.web(), new.web()
        with running(old_web):
            with running(old.worker()):
                client = everyday_work(old_web)
                assert f"{OLDEST_PROGRAM} → " in new.run("db", "upgrade")
                with running(new_web, new.worker()):
                    share_cases(old_web, new_web)
            # Its worker is gone: rows that its web process writes without a ticket are found by the new workers.
            with running(new_web, new.worker()):
                share_cases(old_web, new_web, "without the old worker")
                stop_work(client)
        check_whole(url)


def share_cases(one, other, note=""):
    """Cases of both families: begun by one version and finished by the other."""
    walks = [
        partial(walk, username, family, f"{family} {way} {note}", first, last)
        for username, family in (("chen", "complaint"), ("dao", "ticking"))
        for way, first, last in (("there", one, other), ("back", other, one))
    ]
    assert failures(at_once(walks)) == []


def walk(username, family, business_key, first, last):
    """The two take turns; the last steps are those of `last`."""
    place = Place(first.address)
    client = WatchedClient(place, username, colleague="chen_bo")
    body = {"businessKey": business_key, "variables": typed(example("intake", "chen_bo"))}
    begun = client.send("POST", f"/process-definition/key/{family}/start", body)
    assert begun.status_code == 200, begun.text
    case, places = begun.json()["id"], chain([last, first, last, first], repeat(last))
    while client.get(f"/history/process-instance/{case}")["state"] != "COMPLETED":
        place.address = next(places).address
        tasks = client.get("/task", processInstanceId=case)
        for task in tasks:
            if task["taskDefinitionKey"] == "wait_here":
                continue  # Its own timer takes it away.
            form = (task["camundaFormRef"] or {}).get("key")
            values = typed(example(form, "chen_bo") if form else {})
            done = client.send("POST", f"/task/{task['id']}/complete", {"variables": values})
            assert done.status_code == 204, done.text
        pause(0.05)
    assert client.not_answered == []


def everyday_work(web):
    """Somebody who starts and completes cases at the old server all the time, first for a while without anything new."""
    client = WatchedClient(web, "anna", colleague="chen_bo")
    client.start()
    while not client.record.completed:
        pause(0.05)
        assert client.is_alive(), client.record.surprises
    return client


def stop_work(client):
    """Each request was answered, also in the moment of the upgrade."""
    client.finish()
    client.join(120)
    assert not client.is_alive(), client.record
    assert client.record.surprises == []
    assert client.not_answered == []


def check_whole(url):
    store = Store(url)
    with store.reading() as session:
        states = dict(
            session.execute(select(ProcessInstance.state, func.count()).group_by(ProcessInstance.state)).all()
        )
        assert set(states) == {"completed"}, states
        assert session.execute(select(func.count()).select_from(Incident)).scalar_one() == 0
        for table in (Timer, LadderStep, Job):
            left = select(func.count()).where(table.state.in_(["waiting", "running"]))
            assert session.execute(left).scalar_one() == 0, table
        assert verify(session).problems == []
    store.close()


def next_version(folder):
    """This program with one more revision, of the kind that each next version may bring: it only adds."""
    leave = shutil.ignore_patterns("__pycache__", "frontend", "build")
    for part in ("engine", "handlers", "web", "processes"):
        shutil.copytree(HOUSE / part, folder / part, ignore=leave)
    shutil.copytree(HOUSE / "tests" / "support", folder / "tests" / "support", ignore=leave)
    store = Store("sqlite://")
    head = schema_state(store).head
    store.close()
    (folder / "engine/store/migrations/versions/r9000_mood.py").write_text(f"""
import sqlalchemy as sa
from alembic import op

revision, down_revision = "9000", "{head}"


def upgrade():
    op.add_column("process_instance", sa.Column("mood", sa.String(), nullable=True))
    op.add_column("user_task", sa.Column("effort", sa.Integer(), nullable=False, server_default="1"))
    op.create_table("mood", sa.Column("name", sa.String(), primary_key=True))
""")
    case = folder / "engine/model/case.py"
    table = '    __tablename__ = "process_instance"\n'
    text = case.read_text(encoding="utf-8")
    assert table in text
    case.write_text(text.replace(table, f"{table}    mood: Mapped[str | None]\n"), encoding="utf-8")
    return folder


def version_of_the_past(folder):
    archive = subprocess.run(
        ["git", "archive", "--format=tar", BEFORE_TICKETS], cwd=HOUSE, capture_output=True, check=False
    )
    if archive.returncode:
        pytest.skip(f"Version {BEFORE_TICKETS} is not in this clone.")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(folder, filter="data")
    return folder


class Place:
    """Whom a client asks; it may ask another server the next time."""

    def __init__(self, address):
        self.address = address


class WatchedClient(RestClient):
    """Notes each answer that says the server could not."""

    def __init__(self, server, username, *, colleague):
        super().__init__(server, username, colleague=colleague)
        self.not_answered = []

    def send(self, method, path, body=None, query=None):
        answer = super().send(method, path, body, query)
        if answer is None or answer.status_code >= 500:
            self.not_answered.append((method, path, answer and answer.text))
        return answer
