"""Sends one notice by SMTP, threaded by case, never twice on purpose."""

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
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
    password: str | None = None


class MailChannel:
    def __init__(self, settings: MailSettings) -> None:
        self.settings = settings

    def send(self, notice: Mapping[str, Any]) -> None:
        """Delivers a notice row. Raises HandlerFailed, permanent when the server refuses for good."""
        message = self._message(notice)
        try:
            with self._connect() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as problem:
            code = next(iter(problem.recipients.values()))[0]
            raise self._failed(f"the recipient was refused ({code})", 500 <= code < 600) from problem
        except smtplib.SMTPResponseException as problem:
            reason = f"the server answered {problem.smtp_code}"
            raise self._failed(reason, 500 <= problem.smtp_code < 600) from problem
        except (OSError, smtplib.SMTPException) as problem:
            raise self._failed(str(problem) or type(problem).__name__, False) from problem

    def _connect(self) -> smtplib.SMTP:
        settings = self.settings
        if settings.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.host, settings.port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT_SECONDS)
        if settings.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.username:
            server.login(settings.username, settings.password or "")
        return server

    def _message(self, notice: Mapping[str, Any]) -> EmailMessage:
        domain = parseaddr(self.settings.sender)[1].partition("@")[2] or "localhost"
        message = EmailMessage()
        # EmailMessage refuses line breaks in headers, so a subject cannot add headers of its own.
        message["Subject"] = " ".join(str(notice["subject"]).split())
        message["From"] = self.settings.sender
        message["To"] = Address(addr_spec=str(notice["address"]))
        message["Date"] = format_datetime(notice["created_at"])
        message["Message-ID"] = f"<{notice['notice_key']}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        if notice.get("instance_key"):
            thread = f"<case-{notice['instance_key']}@{domain}>"
            message["In-Reply-To"] = thread
            message["References"] = thread
        message.set_content(str(notice["body"]))
        return message

    def _failed(self, reason: str, permanent: bool) -> HandlerFailed:
        return HandlerFailed(
            f"The mail could not be sent: {reason}.", f"邮件未能发送：{reason}。", permanent=permanent
        )
