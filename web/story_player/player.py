"""The side of the pages: starts the playing process when it is needed, asks it, and starts it again when it is gone."""

import atexit
import base64
import select
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import orjson

from engine.commands.releases.family_files import FamilyFiles
from engine.model import HuiyinError

MOST_SECONDS = 60.0  # of one answer
Json = dict[str, Any]


class PlayerFailed(HuiyinError):
    """The playing process has stopped, or has not answered in time; it was ended, and the next question starts another."""

    def __init__(self, why_en: str, why_zh: str) -> None:
        super().__init__(f"The story could not be played: {why_en}", f"情景无法演练：{why_zh}")


class Player:
    """One process for all pages of this server. Questions are answered one at a time, each in a part of a second."""

    def __init__(self, processes_folder: Path) -> None:
        self._folder = processes_folder
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def play(self, files: FamilyFiles, digest: str, path: str, text: str, *, stand: bool = False) -> Json:
        """How the story came out. `digest`: of what the family is besides its stories; `stand`: tell besides where its
        case stands at the end. Raises PlayerFailed."""
        asked = {"digest": digest, "family": files.family, "path": path, "text": text, "stand": stand}
        with self._lock:
            answer = self._ask(asked)
            if answer.get("need") == "files":
                contents = {
                    name: base64.b64encode(content).decode()
                    for name, content in files.files.items()
                    if not name.startswith("scenarios/")
                }
                answer = self._ask({**asked, "files": contents})
        if "fault" in answer:
            raise PlayerFailed(str(answer["fault"]), str(answer["fault"]))
        return answer

    def close(self) -> None:
        with self._lock:
            self._end()

    def _ask(self, asked: Json) -> Json:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(orjson.dumps(asked) + b"\n")
            process.stdin.flush()
            if not select.select([process.stdout], [], [], MOST_SECONDS)[0]:
                self._end()
                raise PlayerFailed(
                    f"it took longer than {MOST_SECONDS:.0f} s.", f"超过 {MOST_SECONDS:.0f} 秒。"
                )
            line = process.stdout.readline()
        except OSError:
            line = b""
        if not line:
            self._end()
            raise PlayerFailed("the process that plays it has stopped.", "演练进程已停止。")
        answer: Json = orjson.loads(line)
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(  # noqa: S603 - our own program and folder
                [sys.executable, "-m", "web.story_player", str(self._folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


_players: dict[Path, Player] = {}
_making = threading.Lock()


def player_of(processes_folder: Path) -> Player:
    """The one playing process of this server over a folder, for all of its pages; it ends with the server."""
    with _making:
        found = _players.get(processes_folder)
        if found is None:
            found = _players[processes_folder] = Player(processes_folder)
        return found


@atexit.register
def _close_all() -> None:
    for player in _players.values():
        player.close()
