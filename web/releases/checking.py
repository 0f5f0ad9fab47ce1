"""Checks a version: every story of it is played first, then its findings are written down."""

from engine.commands.engine import Engine
from engine.commands.releases.check_release import CheckedRelease, StoriesTold, check_release
from engine.commands.releases.drafts import files_of_draft, find_draft
from engine.commands.releases.family_files import FamilyFiles
from engine.people import Actor
from web.languages import gettext as _
from web.releases.background import Act, Progress
from web.story_player.player import Player, player_of
from web.story_player.stage_digest import stage_digest

STORIES = "scenarios/"


def checking(engine: Engine, actor: Actor, family: str, number: int) -> Act:
    player = player_of(engine.settings.processes_folder)
    reason = _("Check before the review")

    def check(progress: Progress) -> CheckedRelease:
        with engine.store.reading() as session:
            files = files_of_draft(session, find_draft(session, family, number))
        told = tell(player, files, progress)
        return check_release(engine, actor, family=family, number=number, reason=reason, stories=told)

    return check


def tell(player: Player, files: FamilyFiles, progress: Progress) -> StoriesTold | None:
    """None for a family without stories. A story that cannot be played has failed."""
    stories = {
        path: content.decode(errors="replace")
        for path, content in sorted(files.files.items())
        if path.startswith(STORIES) and path.endswith(".toml")
    }
    if not stories:
        return None
    digest, passed, failed = stage_digest(files), 0, []
    for done, (path, text) in enumerate(stories.items(), 1):
        answer = player.play(files, digest, path, text)
        if answer["failure"] is None:
            passed += 1
        else:
            failed.append(str(answer["title"]))
        progress.tell(done, len(stories))
    return StoriesTold(passed, tuple(failed))
