"""The connection to PostgreSQL is cut: before the commit the command is done again, in the commit nobody pretends."""

import pytest
from cases import complete, open_task, start, state, variables
from engines import make_engine, person, settle
from pages import Browser, PageSettings
from sqlalchemy import event, func, select, text, update

from engine.audit import verify
from engine.commands.case.on_case import on_case
from engine.commands.people.people_commands import add_unit
from engine.model import AuditRow, CommitUnknown, Incident, Person, ProcessInstance, Unit
from engine.people import SYSTEM, hash_password
from engine.store import Store
from web.app import create_app

pytestmark = pytest.mark.postgresql
PASSWORD = "eight-o-clock"


@pytest.fixture
def engine(postgres, clock):
    with postgres.database() as url:
        store = Store(url)
        made = make_engine(store, clock)
        settle(made)
        yield made
        store.close()


@pytest.fixture
def cut(engine):
    """Cuts the connection of that server process, as an administrator or a network would."""
    other = Store(engine.store.engine.url.render_as_string(hide_password=False))

    def cut(number):
        with other.transaction() as administrator:
            # Waits until it is gone: no further statement slips through.
            administrator.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})

    yield cut
    other.close()


def test_a_command_whose_connection_is_cut_in_the_middle_is_done_once(engine, cut):
    case, tries = start(engine), []

    def change(work):
        tries.append(1)
        work.note("case.reassured", "", {})
        work.assign({"note": f"try {len(tries)}"})
        if len(tries) == 1:
            cut(process_of(work.session))

    on_case(engine, person(engine, "li_na"), lambda _: case.instance_key, change)

    assert variables(engine, case)["note"] == "try 2"
    assert count(engine, AuditRow, AuditRow.act == "case.reassured") == 1
    assert count(engine, Incident) == 0


def test_a_command_without_a_case_whose_connection_is_cut_is_done_once_as_well(engine, cut):
    once = Once(lambda connection: cut(process_of(connection)))

    def before(connection, _cursor, statement, *_):
        if statement.startswith("INSERT INTO audit_row"):
            once(connection)

    event.listen(engine.store.engine, "before_cursor_execute", before)
    add_unit(
        engine, SYSTEM, organisation_key="bank", unit_key="counter", name={"zh": "柜台", "en": "Counter"}
    )

    assert once.is_done
    assert count(engine, Unit, Unit.unit_key == "counter") == 1
    assert count(engine, AuditRow, AuditRow.subject == "counter") == 1


def test_postgresql_shows_who_is_connected_and_the_url_has_the_last_word(engine):
    url = engine.store.engine.url

    def shown(store):
        with store.reading() as session:
            found = session.execute(text("SHOW application_name")).scalar_one()
        store.close()
        return found

    plain = url.render_as_string(hide_password=False)
    named = url.update_query_dict({"application_name": "branch"}).render_as_string(hide_password=False)
    assert shown(Store(plain, "huiyin web")) == "huiyin web"
    assert shown(Store(named, "huiyin web")) == "branch"


def test_a_start_whose_connection_is_cut_in_the_middle_makes_one_case_and_takes_one_number(engine, cut):
    once = Once(lambda connection: cut(process_of(connection)))

    def before(connection, _cursor, statement, *_):
        if statement.startswith("INSERT INTO user_task"):
            once(connection)

    event.listen(engine.store.engine, "before_cursor_execute", before)
    first = start(engine)
    event.remove(engine.store.engine, "before_cursor_execute", before)

    assert once.is_done
    assert (first.business_key, start(engine).business_key) == ("TINY-2026-0001", "TINY-2026-0002")
    assert count(engine, ProcessInstance) == 2


def test_a_connection_that_is_cut_again_and_again_is_given_up_and_is_no_incident(engine, cut):
    case, tries = start(engine), []

    def change(work):
        tries.append(1)
        cut(process_of(work.session))
        work.assign({"note": "never"})

    with pytest.raises(Exception, match="terminating connection"):
        on_case(engine, person(engine, "li_na"), lambda _: case.instance_key, change)

    assert len(tries) == engine.settings.lost_race_tries
    assert count(engine, Incident) == 0


@pytest.mark.parametrize("is_done", [True, False], ids=["after it was kept", "before it was kept"])
def test_a_connection_that_is_cut_in_the_commit_is_told_as_unknown(engine, cut, monkeypatch, is_done):
    case = start(engine)
    task = open_task(engine, case)
    cut_in_commit(engine, monkeypatch, cut, is_done=is_done)

    with pytest.raises(CommitUnknown, match="look at the case before you try again"):
        complete(engine, "li_na", task)

    assert count(engine, Incident) == 0
    assert state(engine, case) == ("completed" if is_done else "running")
    if not is_done:
        complete(engine, "li_na", task)
    assert state(engine, case) == "completed"
    with engine.store.reading() as session:
        assert verify(session).problems == []


def test_connections_that_were_cut_while_nobody_used_them_are_replaced_unseen(engine, cut):
    case = start(engine)
    with engine.store.reading() as session:
        number = process_of(session)
    cut(number)

    assert state(engine, case) == "running"
    complete(engine, "li_na", open_task(engine, case))
    assert state(engine, case) == "completed"


def test_the_rest_interface_says_that_nobody_knows_and_when_to_ask_again(engine, cut, monkeypatch):
    case = start(engine)
    task = open_task(engine, case)
    client, signed_in = interface(engine)
    client.get(
        "/engine-rest/task", auth=signed_in
    )  # The password check is remembered, and writes nothing more.
    cut_in_commit(engine, monkeypatch, cut, is_done=True)

    answer = client.post(f"/engine-rest/task/{task}/complete", json={}, auth=signed_in)

    assert (answer.status_code, answer.json["type"]) == (503, "ProcessEngineException")
    assert answer.json["details"] == {"reason": "commit_unknown"}
    assert int(answer.headers["Retry-After"]) > 0
    assert state(engine, case) == "completed"


def test_while_the_database_is_away_interfaces_and_pages_say_so_and_nothing_of_its_rows(engine, caplog):
    client, _ = interface(engine)
    browser = Browser(client)
    assert browser.sign_in("li_na", PASSWORD).status_code == 303
    engine.store.close()
    there = engine.store
    engine.store = Store("postgresql+psycopg://nobody@127.0.0.1:1/nowhere")

    answer = client.get("/engine-rest/task", auth=("zhao_min", PASSWORD))
    page = browser.get("/cases")

    engine.store = there
    assert (answer.status_code, answer.json["details"]) == (503, {"reason": "database_away"})
    assert page.status_code == 503
    assert "稍后几秒再试" in page.text
    assert answer.headers["Retry-After"] == page.headers["Retry-After"]
    assert "SELECT" not in caplog.text


def test_what_was_read_before_the_connection_was_cut_is_read(engine, cut):
    case = start(engine)

    with engine.store.reading() as session:
        found = session.execute(select(ProcessInstance.instance_key)).scalar_one()
        cut(process_of(session))

    assert found == case.instance_key


def process_of(connection):
    return connection.execute(text("SELECT pg_backend_pid()")).scalar_one()


class Once:
    def __init__(self, act):
        self._act, self.is_done = act, False

    def __call__(self, *arguments):
        if not self.is_done:
            self.is_done = True
            self._act(*arguments)


def cut_in_commit(engine, monkeypatch, cut, *, is_done):
    """Of the next transaction that wrote something the server never hears the COMMIT, or we never hear its answer."""

    def commit(connection):
        if connection.execute("SELECT pg_current_xact_id_if_assigned()").fetchone() == (None,):
            connection.commit()
            return
        monkeypatch.undo()
        if is_done:
            connection.commit()
        cut(connection.driver_connection.info.backend_pid)
        connection.execute("COMMIT")

    monkeypatch.setattr(engine.store.engine.dialect, "do_commit", commit)


def interface(engine):
    with engine.store.transaction() as session:
        session.execute(update(Person).values(password_hash=hash_password(PASSWORD)))
    return create_app(engine, PageSettings()).test_client(), ("li_na", PASSWORD)


def count(engine, table, *conditions):
    with engine.store.reading() as session:
        return session.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one()
