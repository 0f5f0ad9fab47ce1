"""One error for everything that can be wrong with an expression; it knows its place in the diagram."""


class WrongValue(ValueError):
    """A value that an operator or a function cannot take. Becomes an ExpressionError where the text is known."""

    def __init__(self, en: str, zh: str, remedy_en: str = "", remedy_zh: str = "") -> None:
        super().__init__(en)
        self.en, self.zh = en, zh
        self.remedy_en, self.remedy_zh = remedy_en, remedy_zh


class ExpressionError(ValueError):
    """Names the text, the position in it, the reason and the remedy; `at` adds the place in the diagram."""

    def __init__(
        self,
        text: str,
        position: int | None,
        reason_en: str,
        reason_zh: str,
        remedy_en: str = "",
        remedy_zh: str = "",
    ) -> None:
        super().__init__(reason_en)
        self.text = text
        self.position = position
        self.reason_en, self.reason_zh = reason_en, reason_zh
        self.remedy_en, self.remedy_zh = remedy_en, remedy_zh
        self.place: str | None = None

    @classmethod
    def of_value(cls, text: str, problem: WrongValue) -> "ExpressionError":
        return cls(text, None, problem.en, problem.zh, problem.remedy_en, problem.remedy_zh)

    def at(self, element_id: str, line: int | None = None, file_name: str | None = None) -> "ExpressionError":
        """Notes the element (and line and file) that the expression stands in; returns itself."""
        self.place = element_id
        if line is not None:
            self.place += f", line {line}"
        if file_name is not None:
            self.place = f"{file_name}, {self.place}"
        return self

    @property
    def en(self) -> str:
        column = "" if self.position is None else f" (character {self.position + 1})"
        place = f"{self.place}: " if self.place else ""
        return f"{place}In `{short(self.text)}`{column}: {self.reason_en} {self.remedy_en}".rstrip()

    @property
    def zh(self) -> str:
        column = "" if self.position is None else f"（第 {self.position + 1} 个字符）"
        place = f"{self.place}：" if self.place else ""
        return f"{place}表达式“{short(self.text)}”{column}：{self.reason_zh}{self.remedy_zh}"

    def __str__(self) -> str:
        return self.en


def short(text: object, most: int = 80) -> str:
    """Enough of a text to recognise it: values of customers must not flood a message."""
    shown = str(text)
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"
