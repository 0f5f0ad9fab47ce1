"""The settings that pages need, as an interface: the wiring's Settings fits, and so does a small test object."""

from typing import Protocol


class WebSettings(Protocol):
    @property
    def secret_key(self) -> str: ...
    @property
    def is_secure(self) -> bool:
        """Whether people reach the pages by https: cookies are then never sent without it."""
        ...

    @property
    def trusted_proxies(self) -> int:
        """How many proxies in front of the server tell, each, who asked it. 0: nobody is believed."""
        ...

    @property
    def locale(self) -> str: ...
    @property
    def live_streams(self) -> int:
        """How many open pages one process tells at once what is new; the others ask every minute."""
        ...
