"""The files of docs/machines would work: their form, the commands that they call, the paths that they ask."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from compose_spec import PyOptions
from pages_of_commands import commands_to_read, commands_to_run

from web.app import create_app
from web.cli import huiyin
from web.cli.web_server import GRACE_SECONDS
from web.wiring.settings import Settings, load_settings

HOUSE = Path(__file__).parents[2]
MACHINES = HOUSE / "docs/machines"
PAGE = MACHINES / "README.md"
UNITS = sorted(MACHINES.glob("*.service"))
CADDYFILES = sorted(MACHINES.glob("Caddyfile*"))


def compose() -> dict[str, Any]:
    """Read as the specification wants it: a key that it does not know is refused."""
    options = PyOptions()
    options.apply_merge = True
    read = options.from_yaml((MACHINES / "compose.yaml").read_text("utf-8"))
    read.validate()
    found: dict[str, Any] = read.to_dict()
    return found


def accept(arguments: list[str]) -> None:
    """Fails when the command line would refuse these arguments."""
    group: click.Command = huiyin
    context = click.Context(huiyin, info_name="huiyin")
    while isinstance(group, click.Group):
        name, *arguments = arguments
        command = group.get_command(context, name)
        assert command is not None, f"There is no `huiyin {name}`."
        group = command
    group.make_context("huiyin", arguments, parent=context)


def section(unit: Path, name: str) -> dict[str, str]:
    text = re.search(rf"^\[{name}\]\n(.*?)(?=^\[|\Z)", unit.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert text is not None
    lines = [line for line in text[1].splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def seconds(text: str) -> int:
    return int(text.removesuffix("s"))


# -- containers --------------------------------------------------------------------------------------------------


def test_the_services_are_two_web_processes_three_workers_and_what_they_need() -> None:
    services = compose()["services"]

    assert set(services) == {"database", "upgrade", "web", "worker", "proxy"}
    assert services["web"]["deploy"]["replicas"] == 2
    assert services["worker"]["deploy"]["replicas"] == 3
    for name in ("web", "worker"):
        assert services[name]["depends_on"]["upgrade"]["condition"] == "service_completed_successfully"


@pytest.mark.parametrize("name", ["upgrade", "web", "worker"])
def test_a_service_calls_a_command_that_exists_and_is_given_time_to_end(name: str) -> None:
    service = compose()["services"][name]

    accept(service["command"])
    drain = int(re.search(r"^HUIYIN_DRAIN_SECONDS=(\d+)$", text_of("env.sample"), re.MULTILINE)[1])  # type: ignore[index]
    assert seconds(service["stop_grace_period"]) > drain + GRACE_SECONDS


@pytest.mark.parametrize("name", ["upgrade", "web", "worker"])
def test_a_service_may_do_nothing_but_its_work(name: str) -> None:
    service = compose()["services"][name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.search(r"^USER \d+:\d+$", text_of("Dockerfile"), re.MULTILINE)


def test_the_database_is_reached_from_inside_only() -> None:
    found = compose()

    assert found["networks"]["inside"]["internal"] is True
    assert found["services"]["database"]["networks"] == ["inside"]
    assert "ports" not in found["services"]["database"]
    assert "inside" not in found["services"]["proxy"]["networks"]


def test_what_is_asked_exists(engine: Any) -> None:
    rules = {rule.rule for rule in create_app(engine, Settings()).url_map.iter_rules()}

    asked = re.findall(
        r"(?:127\.0\.0\.1:\d+|health_uri )(/\w+)", text_of("compose.yaml", "Caddyfile", "README.md")
    )
    named = re.findall(r"`(/\w+z|/live|/metrics)`", PAGE.read_text("utf-8"))
    assert {"/readyz", "/healthz"} <= set(asked)
    assert {*asked, *named} <= rules


def test_every_setting_in_the_sample_is_one_and_holds_no_secret() -> None:
    lines = [line for line in text_of("env.sample").splitlines() if line and not line.startswith("#")]
    values = dict(line.split("=", 1) for line in lines)

    load_settings(environment={name: value for name, value in values.items() if name.startswith("HUIYIN_")})
    known = {f"HUIYIN_{name.upper()}" for name in Settings.__dataclass_fields__}
    assert set(values) - known == {"DATABASE_PASSWORD", "HUIYIN_SITE"}
    assert {values[name] for name in values if "PASSWORD" in name} == {""}
    assert "${DATABASE_PASSWORD:?" in text_of("compose.yaml")
    assert ".env" in (HOUSE / ".gitignore").read_text("utf-8").splitlines()


def test_the_image_is_made_of_what_there_is() -> None:
    text = text_of("Dockerfile")

    copied = [
        words
        for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE)
        for words in line.split()[:-1]
    ]
    assert copied
    for name in copied:
        assert (HOUSE / name).exists(), name
    kept = set(re.findall(r"^!(\S+)$", text_of("Dockerfile.dockerignore"), re.MULTILINE))
    assert {name.split("/")[0] for name in copied} == kept


# -- systemd -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_calls_a_command_that_exists_without_rights(unit: Path) -> None:
    service = section(unit, "Service")

    program, *arguments = shlex.split(service["ExecStart"].replace("%i", "8081"))
    assert program == "/opt/huiyin/bin/huiyin"
    accept(arguments)
    wanted = {
        "DynamicUser": "yes",
        "NoNewPrivileges": "yes",
        "ProtectSystem": "strict",
        "CapabilityBoundingSet": "",
    }
    assert {name: service[name] for name in wanted} == wanted


@pytest.mark.parametrize("name", ["huiyin-web@.service", "huiyin-worker@.service"])
def test_a_unit_is_started_again_and_given_time_to_end(name: str) -> None:
    service = section(MACHINES / name, "Service")

    drain = load_settings(environment={"HUIYIN_SETTINGS": str(MACHINES / "huiyin.toml")}).drain_seconds
    assert (service["Type"], service["Restart"], service["KillSignal"]) == ("notify", "always", "SIGTERM")
    assert seconds(service["TimeoutStopSec"]) > drain + GRACE_SECONDS


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="There is no systemd-analyze here.")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("huiyin")
    for unit in UNITS:
        text = unit.read_text("utf-8").replace("/opt/huiyin/bin/huiyin", str(program))
        (tmp_path / unit.name.replace("@.", "@8081.")).write_text(text, "utf-8")

    done = subprocess.run(
        ["systemd-analyze", "verify", *sorted(tmp_path.glob("*.service"))],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_the_settings_for_systemd_can_be_read_and_hold_no_secret() -> None:
    settings = load_settings(environment={"HUIYIN_SETTINGS": str(MACHINES / "huiyin.toml")})

    assert ":PASSWORD@" in settings.database_url
    assert settings.is_secure
    assert (settings.secret_key, settings.admin_password, settings.smtp_password) == ("", "", "")


# -- the page ----------------------------------------------------------------------------------------------------


def test_the_commands_of_the_page_that_no_test_can_run_name_what_there_is() -> None:
    services = set(compose()["services"])
    for line in commands_to_read(PAGE):
        match shlex.split(line):
            case ["systemctl" | "journalctl", *words]:
                named = [word.removeprefix("--unit=") for word in words if "huiyin-" in word]
                missing = [one for one in named if not (MACHINES / _file_of(one)).is_file()]
            case ["docker", "compose", "build" | "ps"]:
                missing = []
            case ["docker", "compose", "exec", service, "huiyin", *words]:
                accept(words)
                missing = [] if service in services else [service]
            case ["docker", "compose", "run" | "up", *words]:
                missing = [
                    word for word in words if not word.startswith("-") and word.split("=")[0] not in services
                ]
            case ["install", *words]:
                sources = [word for word in words if not word.startswith(("-", "/")) and word != ".env"]
                missing = [
                    one for one in sources if not ((HOUSE / one).is_file() or (MACHINES / one).is_file())
                ]
            case ["editor" | "python3" | "/opt/huiyin/bin/pip", *_]:
                missing = []
            case _:
                missing = [line]  # A word that nobody checks.
        assert missing == [], line


def test_every_command_of_huiyin_on_the_page_is_accepted() -> None:
    text = PAGE.read_text("utf-8")

    for line in [*commands_to_run(PAGE), *re.findall(r"`(huiyin [^`]+)`", text)]:
        if line.startswith("huiyin "):
            accept(shlex.split(line)[1:])


@pytest.mark.parametrize("file", sorted(MACHINES.iterdir()), ids=lambda file: file.name)
def test_each_file_of_the_folder_is_named_by_another_one(file: Path) -> None:
    others = [HOUSE / "README.md", *(other for other in MACHINES.iterdir() if other != file)]

    # The builder finds Dockerfile.dockerignore by itself.
    name = file.name.removesuffix(".dockerignore")
    assert any(name in other.read_text("utf-8") for other in others)


@pytest.mark.parametrize("file", CADDYFILES, ids=lambda file: file.name)
def test_the_proxy_ends_the_streams_of_pages_that_are_closed(file: Path) -> None:
    # With flush_interval -1 Caddy would go on reading a stream whose reader has gone.
    assert not re.search(r"^\s*flush_interval", file.read_text("utf-8"), re.MULTILINE)


def text_of(*names: str) -> str:
    return "\n".join((MACHINES / name).read_text("utf-8") for name in names)


def _file_of(unit: str) -> str:
    name = unit.removesuffix(".service")
    return re.sub(r"@.*", "@", name) + ".service"
