"""Parses XML that strangers send: no DTD, no entities, no network, bounded in size and depth."""

from lxml import etree

from engine.diagrams.finding import DiagramError, Finding

LARGEST_FILE = 5_000_000
DEEPEST = 100
MOST_ELEMENTS = 50_000


def parse_xml(content: bytes, file_name: str) -> etree._Element:
    """The root element. Raises DiagramError with the line."""
    if len(content) > LARGEST_FILE:
        raise refused_file(
            file_name,
            None,
            f"Expected at most {LARGEST_FILE // 1_000_000} MB, but the file has {len(content)} bytes.",
            f"文件不得超过 {LARGEST_FILE // 1_000_000} MB。",
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_pis=True,
        remove_comments=True,  # A comment inside a condition would cut it in two, and only the first half be read.
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise refused_file(
            file_name,
            getattr(problem, "lineno", None),
            f"Expected well-formed XML, but {problem}.",
            f"不是完整的 XML：{problem}。",
        ) from problem
    if root.getroottree().docinfo.doctype:
        raise refused_file(file_name, 1, "A DOCTYPE is not allowed.", "不允许使用 DOCTYPE。")
    _check_shape(root, file_name)
    return root


def _check_shape(root: etree._Element, file_name: str) -> None:
    waiting, count = [(root, 1)], 0
    while waiting:
        node, depth = waiting.pop()
        count += 1
        if depth > DEEPEST or count > MOST_ELEMENTS:
            raise refused_file(
                file_name,
                node.sourceline,
                "The file is nested too deeply or has too many elements.",
                "文件嵌套过深或元素过多。",
            )
        waiting += [(child, depth + 1) for child in node]


def refused_file(file_name: str, line: int | None, en: str, zh: str) -> DiagramError:
    return DiagramError(
        Finding(
            "error",
            "xml",
            file_name,
            None,
            None,
            line,
            {"en": en, "zh": zh},
            {"en": "Save the diagram again in the modeler.", "zh": "请在建模器中重新保存该图。"},
        )
    )
