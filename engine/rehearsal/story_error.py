"""What the writer of a story is told when it cannot be played: which file, which step, why, and what is known."""

import difflib
from collections.abc import Collection, Iterable
from pathlib import Path

MOST_LISTED = 12


class StoryError(ValueError):
    """A story that cannot be played. `step_number` is None for what stands before the steps."""

    def __init__(self, path: Path, step_number: int | None, en: str, zh: str, *, table: str = "") -> None:
        place = f"step {step_number}" if step_number else f"[{table}]" if table else ""
        place_zh = f"第 {step_number} 步" if step_number else f"[{table}]" if table else ""
        self.path, self.step_number = path, step_number
        self.reason_en = f"{place}: {en}" if place else en
        self.reason_zh = f"{place_zh}：{zh}" if place_zh else zh
        self.en = f"{path.name}, {self.reason_en}" if place else f"{path.name}: {en}"
        self.zh = f"{path.name}，{self.reason_zh}" if place else f"{path.name}：{zh}"
        super().__init__(self.en)

    def says(self, locale: str) -> str:
        return self.zh if locale.startswith("zh") else self.en


def known_words(words: Iterable[str]) -> str:
    return ", ".join(words)


def hint(word: str, known: Collection[str]) -> tuple[str, str]:
    """`Did you mean …?` in English and Chinese, else what is known."""
    # Lower case finds `Li_Na` for li_na; register ids differ by one character, so the nearest comes first.
    by_lower = {one.lower(): one for one in known}
    near = [by_lower[one] for one in difflib.get_close_matches(word.lower(), by_lower, n=2, cutoff=0.6)]
    if len(near) == 2 and _likeness(word, near[1]) < _likeness(word, near[0]) - 0.05:
        del near[1]
    if near:
        return f" Did you mean {' or '.join(near)}?", f"是否想写 {' 或 '.join(near)}？"
    if not known:
        return "", ""
    listed = sorted(known)
    more = f" and {len(listed) - MOST_LISTED} more" if len(listed) > MOST_LISTED else ""
    more_zh = f" 等 {len(listed)} 个" if len(listed) > MOST_LISTED else ""
    shown = ", ".join(listed[:MOST_LISTED])
    return f" Known: {shown}{more}.", f"已有：{shown}{more_zh}。"


def _likeness(word: str, other: str) -> float:
    return difflib.SequenceMatcher(None, word.lower(), other.lower()).ratio()
