"""Parses XML that strangers send: no DTD, no entities, no network, bounded in size and depth."""

from lxml import etree

from engine.diagrams.finding import DiagramError, Finding

LARGEST_FILE = 5_000_000
DEEPEST = 100
MOST_ELEMENTS = 50_000
# Each start and each end has a bracket of its own. Counted before parsing: five megabytes of empty elements would
# take more memory as a tree than a server has to spare.
MOST_BRACKETS = 3 * MOST_ELEMENTS
MOST_ATTRIBUTES = 200_000
MOST_OF_ONE_ELEMENT = 200  # attributes: reading them takes time that grows with the square of their number
MOST_NAMESPACES = 1_000
LONGEST_ATTRIBUTE = 10_000  # an expression; a page of documentation stands in a text
LONGEST_TEXT = 200_000
LONGEST_ID = 200  # it stands in every line of the log


def parse_xml(content: bytes, file_name: str) -> etree._Element:
    """The root element. Raises DiagramError with the line."""
    if len(content) > LARGEST_FILE:
        raise refused_file(
            file_name,
            None,
            f"Expected at most {LARGEST_FILE // 1_000_000} MB, but the file has {len(content)} bytes.",
            f"文件不得超过 {LARGEST_FILE // 1_000_000} MB。",
        )
    _check_marks(content, file_name)
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
        if len(node.attrib) > MOST_OF_ONE_ELEMENT:
            raise refused_file(
                file_name, node.sourceline, "An element has too many attributes.", "一个元素的属性过多。"
            )
        _check_lengths(node, file_name)
        waiting += [(child, depth + 1) for child in node]


def _check_marks(content: bytes, file_name: str) -> None:
    """In any encoding that the parser reads, these marks are the same bytes, or some of the same."""
    for mark, most, en, zh in (
        (b"<", MOST_BRACKETS, "elements", "元素"),
        (b"=", MOST_ATTRIBUTES, "attributes", "属性"),
        (b"xmlns", MOST_NAMESPACES, "namespaces", "命名空间"),
    ):
        if content.count(mark) > most:
            raise refused_file(file_name, None, f"The file has too many {en}.", f"文件里的{zh}过多。")


def _check_lengths(node: etree._Element, file_name: str) -> None:
    texts = [("", node.text or "", LONGEST_TEXT), ("", node.tail or "", LONGEST_TEXT)]
    texts += [
        (f" {name}", value, LONGEST_ID if name == "id" else LONGEST_ATTRIBUTE)
        for name, value in node.attrib.items()
    ]
    for name, value, most in texts:
        if len(value) > most:
            tag = etree.QName(node).localname if isinstance(node.tag, str) else ""
            raise refused_file(
                file_name,
                node.sourceline,
                f"A text is too long ({tag}{name}): expected at most {most} characters.",
                f"文字过长（{tag}{name}），最多 {most} 个字符。",
            )


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
