"""Parses table files that strangers send: no DTD, no entities, no network, bounded in size."""

from collections.abc import Callable

from lxml import etree

LARGEST_FILE = 2_000_000


def parse_table_xml(
    content: bytes, file_name: str, refuse: Callable[[str, str, int | None, str, str], Exception]
) -> etree._Element:
    if len(content) > LARGEST_FILE:
        raise refuse(file_name, "file", None, "Expected at most 2 MB.", "文件不得超过 2 MB。")
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
    return root
