"""Parses table files that strangers send: no DTD, no entities, no network, bounded in size, depth and number of parts."""

from collections.abc import Callable

from lxml import etree

LARGEST_FILE = 2_000_000
DEEPEST = 50
# Counted before parsing, each in bytes that every encoding shares: a tree takes many times the memory of its file.
_MOST_MARKS = (
    (b"<", 120_000, "elements", "元素"),
    (b"=", 200_000, "attributes", "属性"),
    (b"xmlns", 1_000, "namespaces", "命名空间"),
)
LONGEST_ATTRIBUTE = 10_000

Refuse = Callable[[str, str, int | None, str, str], Exception]


def parse_table_xml(content: bytes, file_name: str, refuse: Refuse) -> etree._Element:
    """The root element. Raises what `refuse` makes of (file, place, line, en, zh)."""
    if len(content) > LARGEST_FILE:
        raise refuse(file_name, "file", None, "Expected at most 2 MB.", "文件不得超过 2 MB。")
    for mark, most, en, zh in _MOST_MARKS:
        if content.count(mark) > most:
            raise refuse(file_name, "file", None, f"The file has too many {en}.", f"文件里的{zh}过多。")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True,
        remove_comments=True,  # A comment inside a cell would cut its text in two, and only the first half be read.
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        line = getattr(problem, "lineno", None)
        raise refuse(
            file_name,
            "file",
            line,
            f"Expected well-formed XML, but {problem}.",
            f"不是完整的 XML：{problem}。",
        ) from problem
    if root.getroottree().docinfo.doctype:
        raise refuse(file_name, "file", 1, "A DOCTYPE is not allowed.", "不允许使用 DOCTYPE。")
    _check_shape(root, file_name, refuse)
    return root


def _check_shape(root: etree._Element, file_name: str, refuse: Refuse) -> None:
    waiting = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > DEEPEST:
            raise refuse(
                file_name, "file", node.sourceline, "The file is nested too deeply.", "文件嵌套过深。"
            )
        if any(len(value) > LONGEST_ATTRIBUTE for value in node.attrib.values()):
            raise refuse(
                file_name, "file", node.sourceline, f"Expected at most {LONGEST_ATTRIBUTE} characters in an attribute.",
                f"属性最多 {LONGEST_ATTRIBUTE} 个字符。",
            )  # fmt: skip
        waiting += [(child, depth + 1) for child in node]
