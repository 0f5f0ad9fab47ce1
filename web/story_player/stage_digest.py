"""What tells the playing process whether it has a family on its stage already."""

from engine.commands.releases.family_files import FamilyFiles, kind_of_file
from engine.commands.releases.store_release import digest_of

_NOT_PLAYED = ("scenario", "readme", None)


def stage_digest(files: FamilyFiles) -> str:
    """Of all that a story runs on: everything but the stories themselves."""
    played = {path: content for path, content in files.files.items() if kind_of_file(path) not in _NOT_PLAYED}
    return f"{files.family} {digest_of(played)}"
