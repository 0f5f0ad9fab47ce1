"""Building blocks: diagrams that families call, with their forms and tables, taken into the family's own release.

A release stays whole in itself: a later change of a block touches no family before that family is released again.
What the family draws or writes itself under the same name takes the block's place.
"""

import re
from collections.abc import Iterator, Mapping

from engine.diagrams import DiagramError, read_diagram

BLOCKS = "blocks"
_CALL = re.compile(rb"calledElement\s*=\s*[\"']([A-Za-z_][\w.-]*)[\"']")


def is_block(path: str) -> bool:
    """Whether the file of a release was taken along as a building block."""
    return path.startswith(f"{BLOCKS}/")


def called_blocks(files: Mapping[str, bytes], blocks: Mapping[str, bytes]) -> dict[str, bytes]:
    """Path inside the release (`blocks/…`) → content of what the family's diagrams call, directly or through blocks.

    `files`, `blocks`: path inside the folder → content. A block stands in the file of its process id, its forms and
    tables in those of their keys.
    """
    found: dict[str, bytes] = {}
    waiting = [called for path, content in files.items() for called in _calls(path, content)]
    while waiting:
        path = f"{waiting.pop()}.bpmn"
        if path not in blocks or path in files or f"{BLOCKS}/{path}" in found:
            continue
        for one in (path, *_needed(path, blocks[path])):
            if one in blocks and one not in files:
                found[f"{BLOCKS}/{one}"] = blocks[one]
        waiting += _calls(path, blocks[path])
    if found:
        found |= {
            f"{BLOCKS}/{path}": content for path, content in blocks.items() if path.startswith("labels/")
        }
    return found


def _calls(path: str, content: bytes) -> Iterator[str]:
    if path.endswith(".bpmn"):
        yield from (match[1].decode() for match in _CALL.finditer(content))


def _needed(path: str, content: bytes) -> Iterator[str]:
    try:
        processes = read_diagram(content, path).processes
    except DiagramError:
        return  # The check says what is wrong with it.
    for element in (one for process in processes for one in process.elements.values()):
        if element.form_ref:
            yield f"forms/{element.form_ref}.json"
        if element.decision_ref:
            yield f"{element.decision_ref}.dmn"
