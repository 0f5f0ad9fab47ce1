"""Notice texts: markdown files whose first line is the subject, with `${name}` where facts go.

A family's own texts (`texts/<locale>/<kind>.md`) come before the built-in ones in `templates/`.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

LOCALES = ("zh", "en")
KINDS = (
    *("task_assigned", "task_reassigned", "deadline_warning", "deadline_breached", "escalation"),
    *("acknowledgement", "reply", "closed", "incident_raised", "reminder", "calendar_missing"),
)
FACTS = frozenset(
    (
        *("number", "subject", "task", "due", "limit", "clause", "why", "assignee", "link", "customer"),
        *("organisation", "unit", "message", "recipient", "overdue", "share", "level", "clauses"),
    )
)
# No brace inside, and blanks taken off afterwards: else a text full of `${` takes a time that grows with its square.
_PLACE = re.compile(r"\$\{([^{}]*)\}")
Texts = Mapping[str, Mapping[str, str]]  # locale → kind → markdown


@dataclass(frozen=True)
class TextProblem:
    locale: str
    kind: str
    zh: str
    en: str


def check_texts(texts: Texts) -> list[TextProblem]:
    problems = []
    for locale, kinds in texts.items():
        for kind, text in kinds.items():
            problems += _unused(locale, kind)
            if not text.startswith("# "):
                problems.append(
                    TextProblem(
                        locale, kind, "第一行应为“# 主题”。", "Expected the subject as first line, `# …`."
                    )
                )
            for name in _places(text):
                if name not in FACTS:
                    problems.append(
                        TextProblem(
                            locale,
                            kind,
                            f"不认识的占位符“{name}”，可用：{'、'.join(sorted(FACTS))}。",
                            f"Expected one of {', '.join(sorted(FACTS))}, but found {name!r}.",
                        )
                    )
    return problems


def _places(text: str) -> list[str]:
    return [name.strip() for name in _PLACE.findall(text)]


def _unused(locale: str, kind: str) -> list[TextProblem]:
    """A language that nobody reads, or a slip of the pen; kinds of its own a family may have."""
    near = [] if kind in KINDS else difflib.get_close_matches(kind, KINDS, 1, 0.85)
    if locale in LOCALES and not near:
        return []
    wanted = near[0] if near else " / ".join(LOCALES)
    return [
        TextProblem(
            locale,
            kind,
            f"没有人会用到这个文本，是否想写“{wanted}”？",
            f"Nobody would use this text; did you mean {wanted}?",
        )
    ]


def compose(texts: Texts, kind: str, locale: str, facts: Mapping[str, object]) -> tuple[str, str]:
    """(subject, body). A fact that is missing is left empty; line breaks in the subject become spaces."""
    language = "zh" if locale.startswith("zh") else "en"
    text = texts.get(language, {}).get(kind) or _built_in(kind, language)

    def fill(found: re.Match[str]) -> str:
        value = facts.get(found[1].strip())
        return "" if value is None else str(value)

    filled = [_PLACE.sub(fill, line) for line in text.strip().split("\n")]
    subject = " ".join(filled[0].removeprefix("# ").split())
    # A line whose only fact is missing says nothing.
    lines = [
        line
        for line, source in zip(filled[1:], text.strip().split("\n")[1:], strict=True)
        if not (_PLACE.search(source) and all(not facts.get(name) for name in _places(source)))
    ]
    return subject[:200], "\n".join(lines).strip() + "\n"


@lru_cache(maxsize=64)
def _built_in(kind: str, language: str) -> str:
    place = files("engine.notices") / "templates" / language / f"{kind}.md"
    if not place.is_file():
        place = files("engine.notices") / "templates" / language / "reminder.md"
    return place.read_text(encoding="utf-8")
