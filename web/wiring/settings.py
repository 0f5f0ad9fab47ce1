"""Settings of one installation: `HUIYIN_…` variables, else a TOML file, else the defaults; flags win over all."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from engine.model import HuiyinError
from engine.notices import MailSettings

HOUSE = Path(__file__).resolve().parents[2]
CATCH_UP = ("once", "all", "skip")
MAIL_SECURITY = ("none", "starttls", "tls")


class SettingsError(HuiyinError):
    """A setting that cannot be used: which, what it holds, what is possible."""


@dataclass(frozen=True)
class Settings:
    """Names as in the TOML file; the variable is `HUIYIN_` and the name in capitals (docs/operations.md)."""

    host: str = "127.0.0.1"
    port: int = 8080
    database_url: str = field(default="sqlite:///var/huiyin.db", repr=False)  # may hold a password
    base_url: str = ""  # as people reach it: https://huiyin.example.org; links in mails begin with it
    trusted_proxies: int = 0  # how many proxies in front of us add X-Forwarded-For and -Proto
    drain_seconds: int = 0  # how long a web process that was asked to stop still takes requests
    # Open pages that one process tells at once what is new; the others ask every minute.
    live_streams: int = 100
    secret_key: str = field(default="", repr=False)  # empty: made once and kept beside the database
    admin_password: str = field(default="", repr=False)
    demo_password: str = field(
        default="huiyin-demo", repr=False
    )  # of the demo organisations only, which `--demo` loads
    locale: str = "zh"
    processes_folder: Path = field(default=HOUSE / "processes")
    catch_up: str = "all"
    message_kept_days: int = 7
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_sender: str = "huiyin@localhost"
    smtp_security: str = "none"
    smtp_username: str = ""
    smtp_password: str = field(default="", repr=False)

    @property
    def is_secure(self) -> bool:
        """Whether people reach the pages by https: cookies are then never sent without it."""
        return self.base_url.startswith("https://")

    @property
    def mail(self) -> MailSettings | None:
        if not self.smtp_host:
            return None
        return MailSettings(
            self.smtp_host,
            self.smtp_port,
            self.smtp_sender,
            self.smtp_security,
            self.smtp_username or None,
            self.smtp_password or None,
        )


def load_settings(
    flags: Mapping[str, Any] | None = None, environment: Mapping[str, str] = os.environ
) -> Settings:
    """Raises SettingsError naming the setting. `HUIYIN_SETTINGS` names the TOML file."""
    values: dict[str, Any] = {}
    file = environment.get("HUIYIN_SETTINGS")
    if file:
        values |= _from_file(Path(file))
    for one in fields(Settings):
        text = environment.get(f"HUIYIN_{one.name.upper()}")
        if text is not None:
            values[one.name] = text
    values |= {name: value for name, value in (flags or {}).items() if value is not None}
    settings = Settings(**{name: _typed(name, value) for name, value in values.items()})
    _one_of("catch_up", settings.catch_up, CATCH_UP)
    _one_of("smtp_security", settings.smtp_security, MAIL_SECURITY)
    return settings


def _from_file(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise SettingsError(
            f"The settings file {path} cannot be read: {problem}", f"设置文件 {path} 读不了：{problem}"
        ) from problem
    known = {one.name for one in fields(Settings)}
    for name in values:
        if name not in known:
            raise SettingsError(
                f"{path} sets {name!r}, which is no setting; known are {', '.join(sorted(known))}.",
                f"{path} 中的“{name}”不是设置项，可用：{'、'.join(sorted(known))}。",
            )
    return values


def _typed(name: str, value: Any) -> Any:
    default = getattr(Settings, name, None)
    if name == "processes_folder":
        return Path(value)
    if isinstance(default, int):
        try:
            return int(value)
        except (TypeError, ValueError) as problem:
            raise SettingsError(
                f"Expected a whole number for {name}, but it is {value!r}.",
                f"{name} 应为整数，但是“{value}”。",
            ) from problem
    return str(value)


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise SettingsError(
            f"Expected {name} to be one of {', '.join(allowed)}, but it is {value!r}.",
            f"{name} 应为 {'、'.join(allowed)} 之一，但是“{value}”。",
        )
