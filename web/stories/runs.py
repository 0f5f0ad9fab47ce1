"""How stories came out on the files as they are, and the runs that are under way: one at a time in this server."""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from engine.commands.releases.family_files import FamilyFiles
from engine.model import Conflict, HuiyinError
from web.stories.files import StoryFile
from web.story_player.player import Player
from web.story_player.stage_digest import stage_digest

KEPT_RESULTS = 3_000
MOST_WAITING = 6  # requests that wait for an answer of the player at once; each holds a thread of the server
Json = dict[str, Any]
_Key = tuple[str, str, str]  # digest of the family, path, digest of the story


@dataclass(frozen=True)
class Told:
    """How a story came out. `failure`: {"step", "en", "zh"} or None; the rest as web/story_player/stages.py says."""

    path: str
    data: Json

    @property
    def is_ok(self) -> bool:
        return self.data["failure"] is None

    @property
    def step(self) -> int | None:
        number = (self.data["failure"] or {}).get("step")
        return number if isinstance(number, int) else None

    def says(self, locale: str) -> str:
        failure = self.data["failure"] or {}
        return str(failure.get("zh" if locale.startswith("zh") else "en", ""))


@dataclass
class Run:
    family: str
    total: int
    done: int = 0
    failed: int = 0
    is_over: bool = False
    is_stopped: bool = False
    current: str = ""
    problem: HuiyinError | None = None
    _stop: threading.Event = field(default_factory=threading.Event)

    def stop(self) -> None:
        self._stop.set()

    @property
    def is_to_stop(self) -> bool:
        return self._stop.is_set()


class StoryRuns:
    def __init__(self, player: Player) -> None:
        self._player = player
        self._lock = threading.Lock()
        self._places = threading.Semaphore(MOST_WAITING)
        self._told: OrderedDict[_Key, Told] = OrderedDict()
        self._runs: dict[str, Run] = {}

    def result(self, digest: str, story: StoryFile) -> Told | None:
        with self._lock:
            return self._told.get((digest, story.path, story.digest))

    def run_of(self, family: str) -> Run | None:
        """The run that is under way, or the last one."""
        with self._lock:
            return self._runs.get(family)

    def play(self, files: FamilyFiles, digest: str, story: StoryFile) -> Told:
        """At once, and kept. Raises PlayerFailed; Conflict when too many wait for theirs."""
        with self._place():
            return self._play(files, digest, story)

    def _play(self, files: FamilyFiles, digest: str, story: StoryFile) -> Told:
        told = Told(story.path, self._player.play(files, digest, story.path, story.text))
        with self._lock:
            self._told[(digest, story.path, story.digest)] = told
            while len(self._told) > KEPT_RESULTS:
                self._told.popitem(last=False)
        return told

    def stand(self, files: FamilyFiles, digest: str, text: str) -> Told:
        """Where the case of a story stands at its end; not kept. Raises PlayerFailed, Conflict."""
        path = "scenarios/tried.toml"
        with self._place():
            return Told(path, self._player.play(files, digest, path, text, stand=True))

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise Conflict(
                "Many stories are being played just now. Try again in a few seconds.",
                "正在演练的情景较多，请几秒后再试。",
            )
        try:
            yield
        finally:
            self._places.release()

    def start(self, files: FamilyFiles, stories: Sequence[StoryFile]) -> Run:
        """Plays them one after the other in the background; a run of the family that is under way goes on instead.

        Raises Conflict while another family's run is under way: there is one stage for all.
        """
        digest = stage_digest(files)
        with self._lock:
            other = next((one for one in self._runs.values() if not one.is_over), None)
            if other is not None and other.family == files.family:
                return other
            if other is not None:
                raise Conflict(
                    f"Stories of another family ({other.family}) are being played. Try again in half a minute.",
                    f"正在演练另一流程族（{other.family}）的情景，请半分钟后再试。",
                )
            run = self._runs[files.family] = Run(files.family, len(stories))
        threading.Thread(
            target=self._work, args=(run, files, digest, list(stories)), name="stories", daemon=True
        ).start()
        return run

    def _work(self, run: Run, files: FamilyFiles, digest: str, stories: Sequence[StoryFile]) -> None:
        try:
            for story in stories:
                if run.is_to_stop:
                    run.is_stopped = True
                    break
                run.current = story.title
                told = self._play(files, digest, story)
                run.done += 1
                run.failed += not told.is_ok
        except HuiyinError as problem:
            run.problem = problem
        finally:
            run.is_over = True
