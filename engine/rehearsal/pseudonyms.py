"""Names for people of a story: the same person is the same throughout, and no one is a colleague of the reader."""

from collections.abc import Iterator
from itertools import count

NAMES = (
    *("li_na", "wang_wei", "zhao_min", "sun_li", "zhou_qi", "wu_jing", "zheng_yu", "qian_duo", "feng_ke", "chen_lu"),
    *("chu_han", "wei_lan", "jiang_bo", "shen_yi", "han_mei", "yang_fan", "zhu_qing", "qin_lang", "xu_ning", "he_xin"),
)  # fmt: skip


class Pseudonyms:
    def __init__(self) -> None:
        self._given: dict[str, str] = {}
        self._fresh = _names()

    def of(self, username: str) -> str:
        found = self._given.get(username)
        if found is None:
            found = self._given[username] = next(self._fresh)
        return found

    def known(self, username: str) -> bool:
        return username in self._given


def _names() -> Iterator[str]:
    yield from NAMES
    yield from (f"person_{number}" for number in count(len(NAMES) + 1))
