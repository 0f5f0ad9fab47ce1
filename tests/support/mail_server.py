"""A real SMTP server in the test process, that answers as a test tells it to."""

import socket
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult


class Inbox:
    """`answers`: what to say to MAIL, RCPT and DATA instead of yes. `received`: what was taken."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.answers = answers
        self.received: list[EmailMessage] = []
        self.recipients: list[str] = []

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        answer = self.answers.get("RCPT", "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.answers.get("DATA", "250 OK")
        if answer.startswith("250"):
            message = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.received.append(message)
            self.recipients += envelope.rcpt_tos
        return answer


class _Stumbling(SMTP):
    """Takes the mail, and answers the goodbye with an error."""

    async def smtp_QUIT(self, arg: str) -> None:  # noqa: N802
        await self.push("421 Too busy to say goodbye")
        self._handler_coroutine.cancel()
        assert self.transport is not None
        self.transport.close()


@contextmanager
def mail_server(
    *, stumbles: bool = False, credentials: tuple[str, str] | None = None, **answers: str
) -> Iterator[tuple[Inbox, int]]:
    inbox = Inbox(answers)
    port = free_port()

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == credentials, handled=given == credentials)

    options: dict[str, Any] = {}
    if credentials is not None:
        options = {"authenticator": authenticate, "auth_required": True, "auth_require_tls": False}

    class Server(Controller):
        def factory(self) -> SMTP:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Signing in without encryption is fine on the loopback.
                return (_Stumbling if stumbles else SMTP)(self.handler, **self.SMTP_kwargs)

    controller = Server(inbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield inbox, port
    finally:
        controller.stop()


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def deaf_server(greeting: bytes = b"") -> Iterator[int]:
    """Listens, greets (or not) and closes: a server that is up and broken."""
    import threading

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                if greeting:
                    connection.sendall(greeting)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            thread.join(5)
