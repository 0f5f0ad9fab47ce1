"""Nothing secret in what the program shows of itself, and who stands before the server is not simply believed."""

from dataclasses import replace

import pytest
from pages import Browser, PageSettings

from engine.commands.people import sign_in_tries
from engine.notices import MailSettings
from web.app import create_app
from web.wiring.build import build_engine
from web.wiring.settings import Settings


def test_settings_show_no_secret():
    names = ("secret_key", "admin_password", "demo_password", "smtp_password", "database_url")

    shown = repr(Settings(**{name: f"hidden-{name}" for name in names}))

    assert "hidden-" not in shown
    assert "hidden-" not in repr(MailSettings("mail.example", password="hidden-password"))


def test_the_database_file_is_for_its_owner_only(tmp_path):
    place = tmp_path / "data" / "huiyin.db"

    engine = build_engine(Settings(database_url=f"sqlite:///{place}"))
    with engine.store.transaction():
        files = {file.name: file.stat().st_mode & 0o077 for file in place.parent.iterdir()}
    engine.store.close()

    assert files["huiyin.db"] == 0
    assert set(files.values()) == {0}


def test_an_existing_database_keeps_what_its_owner_allowed(tmp_path):
    place = tmp_path / "huiyin.db"
    place.touch()
    place.chmod(0o640)

    build_engine(Settings(database_url=f"sqlite:///{place}")).store.close()

    assert place.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(("proxies", "status"), [(0, 429), (1, 401)])
def test_only_a_proxy_that_the_settings_name_tells_who_asks(engine, monkeypatch, proxies, status):
    monkeypatch.setattr(sign_in_tries, "MOST_OF_AN_ADDRESS", 2)
    app = create_app(engine, replace(PageSettings(), trusted_proxies=proxies))
    stranger = Browser(app.test_client())
    for number in range(2):
        stranger.client.get(
            "/engine-rest/version",
            auth=(f"name{number}", "wrong"),
            headers={"X-Forwarded-For": f"10.0.0.{number}"},
        )

    last = stranger.client.get(
        "/engine-rest/version", auth=("nobody", "wrong"), headers={"X-Forwarded-For": "10.0.1.1"}
    )

    assert last.status_code == status
