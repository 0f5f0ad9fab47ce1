"""What `huiyin try FILE` takes: a family's folder, a diagram with its family around it, or a diagram that lies alone."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from engine.commands.releases.family_files import MOST_BYTES, FamilyFiles, family_folder, read_families
from engine.model import InvalidInput

# What a diagram names, and the kind of file that it stands in.
_ID = re.compile(rb"\bid\s*=\s*[\"']([\w.-]+)")
_NAMED = ((rb"calledElement\s*=\s*[\"']([\w.-]+)", "*.bpmn"), (rb"decisionRef\s*=\s*[\"']([\w.-]+)", "*.dmn"))
MOST_NEIGHBOURS = 200  # files that are looked into


@dataclass(frozen=True)
class FilesToTry:
    """`diagram`: the path inside of the family that was asked for; None for all of it. `is_alone`: companions are unknown."""

    family: FamilyFiles
    diagram: str | None = None
    is_alone: bool = False


def files_to_try(path: Path) -> FilesToTry:
    """Raises InvalidInput when there is nothing to try, or more than one family."""
    if path.is_dir():
        return FilesToTry(_only_family(path))
    folder = None if not path.is_file() else family_folder(path)
    if folder is None:
        return FilesToTry(_with_neighbours(_only_family(path), path), path.name, is_alone=True)
    return FilesToTry(_only_family(folder), path.resolve().relative_to(folder.resolve()).as_posix())


def _with_neighbours(family: FamilyFiles, path: Path) -> FamilyFiles:
    """Along with the files beside it that hold the processes and tables that it names, and those that these name."""
    files = dict(family.files)
    waiting = list(files.values())
    known = {key for content in waiting for key in _ID.findall(content)}
    beside: dict[str, dict[bytes, Path]] = {}
    while waiting:
        content = waiting.pop()
        for pattern, kind in _NAMED:
            for name in sorted(set(re.findall(pattern, content)) - known):
                if kind not in beside:
                    beside[kind] = _ids_beside(path, kind)
                found = beside[kind].get(name)
                if found is not None and found.name not in files:
                    files[found.name] = found.read_bytes()
                    waiting.append(files[found.name])
                    known.update(_ID.findall(files[found.name]))
    return replace(family, files=files)


def _ids_beside(path: Path, kind: str) -> dict[bytes, Path]:
    """Each id with the first file that holds it."""
    found: dict[bytes, Path] = {}
    for one in sorted(path.parent.glob(kind))[:MOST_NEIGHBOURS]:
        if one.name != path.name and one.is_file() and one.stat().st_size <= MOST_BYTES:
            for key in _ID.findall(one.read_bytes()):
                found.setdefault(key, one)
    return found


def _only_family(path: Path) -> FamilyFiles:
    families = read_families([path])
    if len(families) != 1:
        raise InvalidInput(
            f"Expected one family in {path}, but there are {len(families)}.",
            f"“{path}”中应只有一个流程族，但有 {len(families)} 个。",
        )
    return families[0]
