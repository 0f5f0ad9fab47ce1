"""What every page of a procedure family shows: its name, what is live, the working copy, and what the check says."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import orjson

from engine.commands.engine import Engine
from engine.commands.releases.check_family import CheckedFamily, check_family
from engine.commands.releases.family_files import FamilyFiles
from engine.commands.releases.pointers import live_number
from engine.commands.releases.store_release import digest_of
from engine.commands.working_copies.copies import files_of_family
from engine.model import NotFound
from engine.people import Actor, is_allowed
from engine.queries.working_copies import OpenCopy, find_working_copy, names_of_people
from web.access import current_actor, current_engine
from web.languages import current_locale

KEPT_CHECKS = 16  # of some megabytes each


class Checks:
    """The last checks by what was checked: pages of one family ask for the same one again and again."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, CheckedFamily] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, engine: Engine, files: FamilyFiles) -> CheckedFamily:
        digest = f"{files.family} {digest_of(files.files)}"
        with self._lock:
            found = self._kept.get(digest)
            if found is not None:
                self._kept.move_to_end(digest)
                return found
        found = check_family(files, engine.register, engine.handlers.topics())
        with self._lock:
            self._kept[digest] = found
            while len(self._kept) > KEPT_CHECKS:
                self._kept.popitem(last=False)
        return found


checks = Checks()


@dataclass(frozen=True)
class FamilyPage:
    """`files`: with the open working copy's changes. `copy` is None while nobody changes the family."""

    engine: Engine
    actor: Actor
    family: str
    live_number: int
    copy: OpenCopy | None
    files: FamilyFiles

    @cached_property
    def checked(self) -> CheckedFamily:
        return checks.get(self.engine, self.files)

    @property
    def base_number(self) -> int:
        """The version that `files` are made over."""
        return self.copy.base_number if self.copy else self.live_number

    @property
    def title(self) -> str:
        return family_title(self.files.files, self.family, current_locale())

    @property
    def can_edit(self) -> bool:
        return is_allowed(self.actor, "release.draft")

    @cached_property
    def severities(self) -> Mapping[str, int]:
        found = [one.severity for one in self.checked.findings]
        return {one: found.count(one) for one in ("error", "warning", "advice")}

    @cached_property
    def people(self) -> Mapping[str, str]:
        """Names of all who are named on the page's head."""
        if self.copy is None:
            return {}
        named = {self.copy.opened_by, *self.copy.editors, *(one.edited_by for one in self.copy.files)}
        return names_of_people(
            self.engine, named | {one.username for one in self.copy.present}, current_locale()
        )

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Names of drawn things in the reader's language, where the family has a file of labels for it."""
        found: dict[str, str] = {}
        for path, content in self.files.files.items():
            if path.endswith(f"labels/{current_locale()}.json"):
                try:
                    found |= orjson.loads(content)
                except ValueError:
                    continue  # The check says so.
        return found

    def count_of(self, path: str) -> int:
        """Errors and warnings in one file."""
        return sum(one.file == path and one.severity != "advice" for one in self.checked.findings)


def family_page(family: str) -> FamilyPage:
    """Raises NotFound for a family without a live version."""
    engine, actor = current_engine(), current_actor()
    now = engine.clock.now()
    with engine.store.reading() as session:
        live = live_number(session, family, now)
        if live is None:
            raise NotFound("procedure family", family, "流程族")
        files = files_of_family(session, engine.settings.blocks_folder, family, now)
    return FamilyPage(engine, actor, family, live[0], find_working_copy(engine, actor, family), files)


def family_title(files: Mapping[str, bytes], family: str, locale: str) -> str:
    """The first heading of its README, `# 投诉处理 · Complaints`, else its key."""
    first = files.get("README.md", b"").decode(errors="replace").lstrip("\ufeff").split("\n", 1)[0]
    if not first.startswith("# "):
        return family
    zh, _, en = (part.strip() for part in first.removeprefix("# ").partition("·"))
    return (en if locale == "en" and en else zh) or family
