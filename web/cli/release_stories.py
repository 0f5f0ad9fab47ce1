"""Tells the stories that lie in a draft, in memory, before it is reviewed."""

from pathlib import Path
from tempfile import TemporaryDirectory

from engine.commands.engine import Engine
from engine.commands.handler import HandlerTable
from engine.commands.releases.check_release import StoriesTold
from engine.commands.releases.drafts import files_of_draft, find_draft
from engine.commands.releases.store_release import DeploymentRefused
from engine.rehearsal import run_stories
from handlers import HANDLERS
from web.cli.failure import Failure, language


def tell_stories(engine: Engine, family: str, number: int, processes_folder: Path) -> StoriesTold | None:
    """None when there are none. Raises NotFound, Failure when the draft's files cannot be played."""
    with engine.store.reading() as session:
        files = files_of_draft(session, find_draft(session, family, number)).files
    if not any(path.startswith("scenarios/") for path in files):
        return None
    with TemporaryDirectory(prefix="huiyin-draft-") as place:
        folder = Path(place) / family
        for path, content in files.items():
            target = (folder / path).resolve()
            if not target.is_relative_to(folder.resolve()):
                raise Failure(
                    f"Expected a file within the family, but found {path!r}.", f"文件路径不合法：“{path}”。"
                )
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        try:
            told = run_stories(
                [folder],
                processes_folder=processes_folder,
                handlers=HandlerTable(HANDLERS),
                report=lambda _line: None,
                locale=language(),
            )
        except DeploymentRefused:
            return None  # What is wrong with it is told by the check.
    return StoriesTold(told.passed, tuple(one.title for one in told.stories if not one.is_ok))
