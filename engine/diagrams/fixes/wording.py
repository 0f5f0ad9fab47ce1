"""Expressions: signs of a Chinese keyboard and of other languages, and variables that are called nearly so."""

import re
from collections.abc import Callable, Iterator, Mapping

from engine.diagrams.fixes.fix import Fix, change
from engine.diagrams.fixes.place import Place, alike
from engine.diagrams.fixes.texts import rewritten, texts_of
from engine.diagrams.lint.values import known_variables
from engine.expressions import ExpressionError, compile_expression, compile_template

_SIGNS = str.maketrans({
    "“": '"', "”": '"', "‘": "'", "’": "'", "（": "(", "）": ")", "，": ",", "＝": "=", "＞": ">", "＜": "<", "！": "!",
    "：": ":", "｛": "{", "｝": "}", "＄": "$", "≥": ">=", "≤": "<=", "≠": "!=", "＋": "+", "－": "-",
})  # fmt: skip
_WORDS = ((r"&&", " and "), (r"\|\|", " or "), (r"!(?!=)", " not "), (r"===", "=="), (r"#\{", "${"))


def _expression(place: Place) -> Iterator[Fix]:
    changes = rewritten(place, _mended)
    if changes and all(_is_sound(_mended(text)) for text, _ in texts_of(place) if not _is_sound(text)):
        shown = next(_mended(text) for text, _ in texts_of(place) if _mended(text) != text)
        yield Fix(f"写成 {shown}", f"Write {shown}", changes)


def _mended(text: str) -> str:
    """The text with our signs, when it cannot be read as it is and can be then."""
    if _is_sound(text):
        return text
    written = text.translate(_SIGNS)
    for sign, word in _WORDS:
        written = re.sub(sign, word, written)
    written = re.sub(r"\s{2,}", " ", written)
    return written if _is_sound(written) else text


def _is_sound(text: str) -> bool:
    try:
        if "${" in text:
            compile_template(text)
        elif "#{" in text:
            return False
        else:
            compile_expression(text)
    except ExpressionError:
        return False
    return True


def _variable(place: Place) -> Iterator[Fix]:
    wrong = place.said
    name = re.compile(rf"(?<![\w.\"']){re.escape(wrong)}(?![\w\"'])")
    for near in alike(wrong, known_variables(place.diagrams, place.names) or ()):
        changes = rewritten(place, lambda text, near=near: name.sub(near, text))  # type: ignore[misc]
        if changes:
            yield Fix(f"改为 {near}", f"Use {near}", changes)


def _language(place: Place) -> Iterator[Fix]:
    """Taken away where what is written is ours anyway."""
    flow = place.flow
    if flow is not None and flow.condition and _is_sound(flow.condition):
        yield Fix("按本系统的表达式读", "Read it as our own expression", (change(place.key, condition=flow.condition),))  # fmt: skip


REMEDIES: Mapping[str, Callable[[Place], Iterator[Fix]]] = {
    "bad-expression": _expression,
    "unknown-variable": _variable,
    "script-language": _language,
}
