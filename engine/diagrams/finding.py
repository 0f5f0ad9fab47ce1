"""What a process owner is told about a diagram: where, what would go wrong, and what to do."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

LONGEST_REASON = 600


@dataclass(frozen=True)
class Finding:
    """`severity`: error (not deployed), warning (deployed, but said), advice."""

    severity: str
    rule: str
    file: str
    element_id: str | None
    element_name: str | None
    line: int | None
    reason: Mapping[str, str]
    remedy: Mapping[str, str]

    def says(self, locale: str = "zh") -> str:
        """One line: file:line, element, reason, remedy."""
        language = "zh" if locale.startswith("zh") else "en"
        line = f":{self.line}" if self.line else ""
        element = ""
        if self.element_id:
            name = f" “{self.element_name}”" if self.element_name else ""
            element = f"{self.element_id}{name}: "
        return f"{self.file}{line}: {element}{_short(self.reason[language])} {self.remedy[language]}".rstrip()

    def to_data(self) -> dict[str, Any]:
        return asdict(self)


def _short(text: str) -> str:
    """A reason quotes what stands in the file, which may be long; what is wrong with it stands at the end."""
    if len(text) <= LONGEST_REASON:
        return text
    return f"{text[: LONGEST_REASON // 2]} … {text[-LONGEST_REASON // 2 :]}"


class DiagramError(ValueError):
    """A file that is no diagram at all."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.says("en"))
        self.finding = finding
        self.en, self.zh = finding.says("en"), finding.says("zh")
