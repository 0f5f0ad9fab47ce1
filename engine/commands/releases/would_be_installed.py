"""A checked version as it would be when it is live, without a row of it: for questions that are asked before."""

import orjson

from engine.commands.releases.check_family import CheckedFamily
from engine.commands.releases.family_files import kind_of_file
from engine.commands.releases.installed import InstalledRelease


def would_be_installed(checked: CheckedFamily, release_key: str, number: int) -> InstalledRelease:
    """Only of a family without errors: the others are not compiled."""
    processes = [
        process for diagram in checked.diagrams for process in diagram.processes if process.is_executable
    ]
    labels: dict[str, dict[str, str]] = {}
    for path, content in sorted(checked.files.files.items()):
        if kind_of_file(path) == "labels":
            labels.setdefault(path.rsplit("/", 1)[1].removesuffix(".json")[:2], {}).update(
                orjson.loads(content)
            )
    return InstalledRelease(
        release_key=release_key,
        family=checked.files.family,
        number=number,
        definitions={one.id: f"{one.id}:{release_key}" for one in processes},
        names={one.id: one.name for one in processes},
        models={one.id: one for one in processes},
        specs=checked.specs,
        profiles={one.id: one for one in checked.profiles},
        forms={one.key: one for one in checked.forms},
        decisions={one.id: one for one in checked.decisions},
        texts=checked.texts,
        labels=labels,
    )
