"""Files of one procedure family, as they lie in a folder or come over a door."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from engine.commands.releases.called_blocks import BLOCKS, called_blocks
from engine.model import InvalidInput

NO_FAMILY = frozenset({"calendars", "register", "demo", BLOCKS})  # folders of processes/ that hold no family
MOST_BYTES = 5_000_000  # of one file
_COMPANIONS = ("forms", "profiles", "texts", "scenarios")  # folders beside a family's diagrams


@dataclass(frozen=True)
class FamilyFiles:
    """`files`: path inside the family's folder → content. Partial files are laid over the newest release.

    `not_judged`: rules that are passed over, for a try of one diagram without its family. No door gives any.
    """

    family: str
    files: Mapping[str, bytes]
    is_partial: bool = False
    not_judged: frozenset[str] = frozenset()


def family_folder(file: Path) -> Path | None:
    """The family that the file belongs to: a folder around it with diagrams and what goes with them."""
    for folder in list(file.resolve().parents)[:3]:
        if any(folder.glob("*.bpmn")) and any((folder / name).is_dir() for name in _COMPANIONS):
            return folder
    return None


def kind_of_file(path: str) -> str | None:
    """What a file holds: bpmn | dmn | form | text | labels | profile | scenario | readme; None for a file that nothing reads."""
    place = PurePosixPath(path.removeprefix(f"{BLOCKS}/"))
    folder = place.parts[0] if len(place.parts) > 1 else ""
    match place.suffix:
        case ".bpmn":
            return "bpmn"
        case ".dmn":
            return "dmn"
        case ".json":
            return "labels" if folder == "labels" else "form"
        case ".form":
            return "form"
        case ".toml":
            return {"profiles": "profile", "scenarios": "scenario"}.get(folder)
        case ".md":
            if folder == "texts" and len(place.parts) == 3:
                return "text"
            return "readme" if len(place.parts) == 1 else None
    return None


def read_families(paths: Sequence[Path]) -> list[FamilyFiles]:
    """Each path is a family's folder, a folder of families (processes/), or single files, which belong together.

    Raises InvalidInput when there is nothing to deploy.
    """
    families: list[FamilyFiles] = []
    loose: dict[str, bytes] = {}
    for path in paths:
        if path.is_dir():
            families += _folder(path)
        elif path.is_file():
            loose[path.name] = _content(path)
        else:
            raise InvalidInput(f"Expected a file or folder {path}, but there is none.", f"没有找到“{path}”。")
    if loose:
        name = next((PurePosixPath(file).stem for file in loose if file.endswith(".bpmn")), "deployment")
        families.append(FamilyFiles(name, loose, is_partial=True))
    if not families:
        raise InvalidInput("Expected a diagram (.bpmn), but there is none.", "没有找到流程图（.bpmn）。")
    return families


def _folder(path: Path) -> Iterable[FamilyFiles]:
    if any(path.glob("*.bpmn")):
        return [_family(path)]
    return [
        _family(child)
        for child in sorted(path.iterdir())
        if child.is_dir() and child.name not in NO_FAMILY and any(child.glob("*.bpmn"))
    ]


def _family(folder: Path) -> FamilyFiles:
    files = _files(folder)
    blocks = folder.resolve().parent / BLOCKS
    if blocks.is_dir() and folder.resolve() != blocks:
        files |= called_blocks(files, _files(blocks))
    return FamilyFiles(folder.resolve().name, files)


def _files(folder: Path) -> dict[str, bytes]:
    return {
        place.relative_to(folder).as_posix(): _content(place)
        for place in sorted(folder.rglob("*"))
        if place.is_file() and not any(part.startswith((".", "__")) for part in place.parts[-4:])
    }


def _content(path: Path) -> bytes:
    if path.stat().st_size > MOST_BYTES:
        raise InvalidInput(
            f"Expected at most {MOST_BYTES} bytes, but {path} is larger.",
            f"文件“{path}”超过 {MOST_BYTES} 字节。",
        )
    return path.read_bytes()
