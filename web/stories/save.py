"""A new story becomes a file of the working copy."""

import re

from engine.model import Conflict, InvalidInput
from web.procedures.house import FamilyPage
from web.procedures.saving import add_file

_NAME = re.compile(r"[a-z][a-z0-9_]{1,60}")


def save_story(house: FamilyPage, name: str, text: str) -> str:
    """The path of a new story. Raises InvalidInput for a bad name, Conflict for one that is there already."""
    if _NAME.fullmatch(name) is None:
        raise InvalidInput(
            f"Expected a file name of small letters, digits and underscores such as late_answer, but found {name!r}.",
            f"文件名应由小写字母、数字和下划线组成，例如 late_answer，而不是“{name}”。",
        )
    path = f"scenarios/{name}.toml"
    if path in house.files.files:
        raise Conflict(
            f"There is a story {name} already. Choose another name.", f"已有情景“{name}”，请换一个名字。"
        )
    add_file(house, path, text.encode())
    return path
