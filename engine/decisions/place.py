"""Where in a file something stands, in both languages, and the refusal that names it."""

from dataclasses import dataclass

from lxml import etree

from engine.decisions.failure import DecisionError


def tag(node: etree._Element) -> str:
    return str(etree.QName(node).localname)


@dataclass(frozen=True)
class Place:
    file_name: str
    en: str
    zh: str

    def inside(self, en: str, zh: str) -> "Place":
        return Place(self.file_name, f"{self.en}, {en}", f"{self.zh}，{zh}")

    def refused(self, node: etree._Element, en: str, zh: str) -> DecisionError:
        return DecisionError(self.file_name, self.en, node.sourceline, en, zh, self.zh)

    def refuse_other_language(self, node: etree._Element) -> None:
        """Raises DecisionError for a cell, table or file that says it is not written in FEEL."""
        language = node.get("expressionLanguage", "feel")
        if "feel" not in language.lower():
            raise self.refused(
                node, f"Expected FEEL, but a cell is written in {language}.",
                f"单元格语言“{language}”不受支持，应为 FEEL。",
            )  # fmt: skip

    def text(self, node: etree._Element, prefix: str) -> str:
        """The text of a cell or expression. Raises DecisionError when it is cut up, so that no half of it is read."""
        texts = node.findall(f"{prefix}text")
        if len(texts) > 1 or any(len(one) for one in texts):
            raise self.refused(
                node, "Expected one plain text, but there are elements inside.", "此处应为一段纯文字，但里面还有元素。"
            )  # fmt: skip
        return (texts[0].text or "").strip() if texts else ""
