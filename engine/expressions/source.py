"""From what people write to what Python's parser reads: a first gate that lets known tokens through, nothing else."""

import ast
import re
import unicodedata

from engine.expressions.errors import ExpressionError

LONGEST_SOURCE = 2_000
LONGEST_NAME = 64
DEEPEST_BRACKETS = 40
_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<number>[0-9]+(?:\.[0-9]+)?(?![\w.]))
      | (?P<text>"(?:[^"\\\n]|\\["'\\nt])*" | '(?:[^'\\\n]|\\["'\\nt])*')
      | (?P<name>[^\W\d]\w*)
      | (?P<operator>\|\||&&|==|!=|<=|>=|//|[-+*/%<>=!().,\[\]{}:])
    """,
    re.VERBOSE,
)
_WORDS = {
    "true": "True",
    "false": "False",
    "null": "None",
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "gt": ">",
    "le": "<=",
    "ge": ">=",
}
_OPERATORS = {"=": "==", "&&": " and ", "||": " or ", "!": " not "}
_KEYWORDS = {"and", "or", "not", "in", "if", "else", "True", "False", "None"}
_RESERVED = {
    *("as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "except"),
    *("finally", "for", "from", "global", "import", "is", "lambda", "nonlocal", "pass", "raise", "return"),
    *("try", "while", "with", "yield"),
}


def strip_markers(text: str) -> str:
    """Takes off one outer `${ … }`."""
    bare = text.strip()
    if bare.startswith("${") and bare.endswith("}"):
        return bare[2:-1]
    return bare


def parse_source(text: str) -> ast.expr:
    """The syntax tree of one expression. Raises ExpressionError, never anything else."""
    source = strip_markers(text)
    if len(source) > LONGEST_SOURCE:
        raise ExpressionError(
            text,
            None,
            f"Expected at most {LONGEST_SOURCE} characters, but there are {len(source)}.",
            f"最多 {LONGEST_SOURCE} 个字符，实际 {len(source)} 个。",
            "Split it into script lines.",
            "请拆成多行脚本。",
        )
    if not source.strip():
        raise ExpressionError(text, None, "Expected an expression, but there is none.", "表达式为空。")
    translated = _translate(text, source, text.index(source))
    try:
        return ast.parse(translated.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as problem:
        raise ExpressionError(
            text,
            None,
            "It cannot be read as an expression.",
            "无法读懂这个表达式。",
            "Check brackets, quotes and operators.",
            "请检查括号、引号和运算符。",
        ) from problem


def _translate(text: str, source: str, offset: int) -> str:
    """`offset`: where the source begins in the text as written, so that positions are those of the text."""
    parts, position = [], 0
    depth, last = 0, ""
    while position < len(source):
        found = _TOKEN.match(source, position)
        if found is None:
            raise ExpressionError(
                text,
                offset + position,
                f"Expected a name, a number, a text in quotes or an operator, but found {source[position]!r}.",
                f"此处的字符“{source[position]}”不能使用。",
                "See docs/expressions.md for what may be written.",
                "可用的写法见 docs/expressions.md。",
            )
        written, kind = found.group(), found.lastgroup or ""
        depth += (written in "([{") - (written in ")]}")
        if depth > DEEPEST_BRACKETS:
            raise ExpressionError(
                text, offset + position, "Its brackets are nested too deeply.", "括号嵌套过深。"
            )
        if kind == last == "text":
            # Python would put the two together, and a forgotten comma would go unseen.
            raise ExpressionError(
                text,
                offset + position,
                "Two texts stand side by side.",
                "两段文字紧挨着。",
                "Write a comma or `+` between them.",
                "中间请写逗号或“+”。",
            )
        last = last if kind == "space" else kind
        match kind:
            case "name":
                parts.append(_name(text, written, offset + position))
            case "operator":
                parts.append(_OPERATORS.get(written, written))
            case "space":
                parts.append(" ")
            case _:
                # Apart from their neighbours: `f` before a text in quotes must not become an f-string.
                parts.append(f" {written} ")
        position = found.end()
    return "".join(parts)


def _name(text: str, name: str, position: int) -> str:
    if name in _WORDS:
        return f" {_WORDS[name]} "
    if name in _KEYWORDS:
        return f" {name} "
    reason = None
    if unicodedata.normalize("NFKC", name) != name:
        # Python folds such letters into others, so the name would mean another variable than the one written.
        reason = "has letters that look like others", "含有会被误认的字符（如全角字母）"
    elif "__" in name or name.startswith("_"):
        reason = (
            "starts with or holds underscores that are kept for the system",
            "不能以下划线开头或含有双下划线",
        )
    elif len(name) > LONGEST_NAME:
        reason = f"is longer than {LONGEST_NAME} characters", f"超过 {LONGEST_NAME} 个字符"
    elif name in _RESERVED:
        reason = "is a reserved word", "是保留字"
    if reason is not None:
        raise ExpressionError(
            text,
            position,
            f"The name {name[:40]!r} {reason[0]}.",
            f"名称“{name[:40]}”{reason[1]}。",
            "Use plain letters, digits and single underscores.",
            "请使用普通文字、数字和单个下划线。",
        )
    return f" {name} "
