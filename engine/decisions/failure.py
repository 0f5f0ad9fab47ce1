"""What is said when a table cannot be read, or has no answer for a row of inputs."""


class DecisionError(ValueError):
    """A table that would not be executed as drawn: file, decision, rule, column, reason, remedy."""

    def __init__(
        self, file_name: str, place: str, line: int | None, en: str, zh: str, place_zh: str | None = None
    ) -> None:
        at = f"{file_name}{f':{line}' if line else ''}"
        super().__init__(f"{at}: {place}: {en}")
        self.file_name, self.place, self.line = file_name, place, line
        self.en, self.zh = f"{at}: {place}: {en}", f"{at}：{place_zh or place}：{zh}"


class DecisionFailed(ValueError):
    """A table that has no single answer, or lacks an input; says which rules or which input."""

    def __init__(self, decision_id: str, en: str, zh: str) -> None:
        super().__init__(f"Decision {decision_id}: {en}")
        self.en, self.zh = f"Decision {decision_id}: {en}", f"决策表“{decision_id}”：{zh}"
