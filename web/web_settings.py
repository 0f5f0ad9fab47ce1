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
    def locale(self) -> str: ...
