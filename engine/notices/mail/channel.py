"""Sends one notice by SMTP, threaded by case, never twice on purpose."""

import smtplib
import ssl
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any

from engine.model import HandlerFailed

TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class MailSettings:
    """`security`: none | starttls | tls."""

    host: str
    port: int = 25
    sender: str = "huiyin@localhost"
    security: str = "none"
    username: str | None = None
    password: str | None = field(default=None, repr=False)


class MailChannel:
    def __init__(self, settings: MailSettings) -> None:
        self.settings = settings

    def send(self, notice: Mapping[str, Any]) -> None:
        """Delivers a notice row. Raises HandlerFailed, permanent when this recipient or text is refused for good.

        What is wrong with us (a password, a sender, the server itself) can be mended, so it is tried again.
        """
        message = self._message(notice)
        server = None
        try:
            server = self._connect()
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as problem:
            code = next(iter(problem.recipients.values()))[0]
            raise self._failed(f"the recipient was refused ({code})", 500 <= code < 600) from problem
        except smtplib.SMTPDataError as problem:
            reason = f"the server refused the text ({problem.smtp_code})"
            raise self._failed(reason, 500 <= problem.smtp_code < 600) from problem
        except smtplib.SMTPResponseException as problem:
            raise self._failed(f"the server answered {problem.smtp_code}", False) from problem
        except (OSError, smtplib.SMTPException) as problem:
            raise self._failed(str(problem) or type(problem).__name__, False) from problem
        finally:
            if server is not None:
                _leave(server)

    def _connect(self) -> smtplib.SMTP:
        settings = self.settings
        # Our own name is given: else the library would ask the network for it.
        options: dict[str, Any] = {"local_hostname": self._domain(), "timeout": TIMEOUT_SECONDS}
        if settings.security == "tls":
            options["context"] = ssl.create_default_context()
        kind = smtplib.SMTP_SSL if settings.security == "tls" else smtplib.SMTP
        server = kind(settings.host, settings.port, **options)
        try:
            if settings.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if settings.username:
                server.login(settings.username, settings.password or "")
        except BaseException:
            server.close()
            raise
        return server

    def _domain(self) -> str:
        return parseaddr(self.settings.sender)[1].rpartition("@")[2] or "localhost"

    def _message(self, notice: Mapping[str, Any]) -> EmailMessage:
        domain = self._domain()
        message = EmailMessage()
        # EmailMessage refuses line breaks in headers, but it decodes `=?utf-8?q?=0D=0ABcc:…?=` into some and writes
        # them out: such a mark in a subject is taken apart, so that a customer cannot add headers.
        subject = " ".join(_without_controls(str(notice["subject"])).split())
        message["Subject"] = subject.replace("=?", "= ?")
        message["From"] = self.settings.sender
        message["To"] = self._recipient(str(notice["address"]))
        message["Date"] = format_datetime(notice["created_at"])
        message["Message-ID"] = f"<{notice['notice_key']}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        if notice.get("instance_key"):
            thread = f"<case-{notice['instance_key']}@{domain}>"
            message["In-Reply-To"] = thread
            message["References"] = thread
        message.set_content(_without_controls(str(notice["body"])))
        return message

    def _recipient(self, address: str) -> Address:
        """One address, or a failure that no second try would change."""
        local, at, domain = address.strip().rpartition("@")
        try:
            if not at or not address.isprintable():
                raise ValueError(address)
            return Address(addr_spec=f"{local}@{domain.encode('idna').decode('ascii')}")
        except (ValueError, IndexError, MessageError) as problem:
            raise self._failed(f"{address[:80]!r} is no mail address", True) from problem

    def _failed(self, reason: str, permanent: bool) -> HandlerFailed:
        return HandlerFailed(
            f"The mail could not be sent: {reason}.", f"邮件未能发送：{reason}。", permanent=permanent
        )


def _without_controls(text: str) -> str:
    """Control characters and halves of characters, which no mail may hold; line breaks and tabs stay."""
    return "".join(one for one in text if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs"))


def _leave(server: smtplib.SMTP) -> None:
    """A server that stumbles over our goodbye has taken the mail all the same: a failure now would send it twice."""
    with suppress(OSError, smtplib.SMTPException):
        server.quit()
    server.close()
