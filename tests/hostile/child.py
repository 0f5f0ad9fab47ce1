"""Answers every hostile input in this one process, and measures each: `python child.py FOLDER PORT [PART OF A NAME]`.

One JSON object a line: before an input only its name, so that a hang can be named, and after it what was measured.
What Python opens, connects or runs is seen by an audit hook; what C libraries open, by inotify on the secret file.
"""

import ctypes
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(HERE)]

from corpus import Hostile, corpus  # noqa: E402

from engine.commands.handler import HandlerTable  # noqa: E402
from engine.commands.releases.family_files import FamilyFiles  # noqa: E402
from engine.model import Rejected  # noqa: E402
from engine.rehearsal.try_diagram import try_diagram  # noqa: E402
from engine.rehearsal.try_files import FilesToTry, files_to_try  # noqa: E402
from engine.rehearsal.try_ground import TryGround  # noqa: E402
from handlers import HANDLERS  # noqa: E402

GIVEN_UP_AFTER = 20  # seconds of computing: a hang is told as one, and the next input is answered
HEADROOM = 1_500_000_000  # bytes beyond what stands in memory already: protects the machine
IN_ACCESS, IN_OPEN, IN_NONBLOCK = 0x1, 0x20, 0o4000

_FORBIDDEN = (
    *(
        "socket.",
        "subprocess.",
        "os.system",
        "os.exec",
        "os.posix_spawn",
        "os.spawn",
        "os.fork",
        "os.startfile",
    ),
    *(
        "os.remove",
        "os.rename",
        "os.mkdir",
        "os.rmdir",
        "os.link",
        "os.symlink",
        "os.truncate",
        "os.chmod",
        "pty.",
    ),
    *("shutil.", "urllib.", "http.", "ftplib.", "smtplib.", "ctypes.dlopen", "webbrowser.", "code.__new__"),
)


class TooLong(BaseException):
    """Not an Exception: nothing on the way may take it for a fault of a case."""


class Watch:
    """What happens outside while it is armed. An audit hook cannot be taken away, so it is only looked at then."""

    def __init__(self, folder: Path, secret: Path) -> None:
        self._readable = tuple(
            str(place)
            for place in (ROOT, folder, sys.prefix, sys.base_prefix, "/usr/share/zoneinfo", "/proc/self")
        )
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._inotify = self._libc.inotify_init1(IN_NONBLOCK)
        assert self._libc.inotify_add_watch(self._inotify, bytes(secret), IN_ACCESS | IN_OPEN) > 0
        self.is_armed = False
        self.seen: list[str] = []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.is_armed:
            return
        if event == "open" and not self._is_harmless(*arguments[:3]):
            self.seen.append(f"open {arguments[0]!r} {arguments[1]!r}")
        elif event.startswith(_FORBIDDEN):
            self.seen.append(f"{event} {arguments!r}"[:200])

    def _is_harmless(self, place: Any, mode: Any, flags: Any) -> bool:
        if isinstance(place, int):
            return True
        if (isinstance(mode, str) and set("wax+") & set(mode)) or (flags or 0) & (
            os.O_WRONLY | os.O_RDWR | os.O_CREAT
        ):
            return False
        return os.path.realpath(os.fsdecode(place)).startswith(self._readable)

    @contextmanager
    def armed(self) -> Iterator[None]:
        self.seen = []
        self.is_armed = True
        try:
            yield
        finally:
            self.is_armed = False
        try:
            os.read(self._inotify, 65_536)
        except BlockingIOError:
            return
        self.seen.append("the secret file was opened")


def main(folder: Path, port: str, part: str = "") -> None:
    secret, canary = folder / "secret.txt", folder / "canary"
    secret.write_text("seen-by-nobody")
    watch = Watch(folder, secret)
    words = {b"@secret@": bytes(secret), b"@canary@": bytes(canary), b"@port@": port.encode()}
    ground = TryGround(ROOT / "processes", HandlerTable(HANDLERS))
    _warm_up(ground)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_status("VmSize") * 1024 + HEADROOM, hard))
    signal.signal(signal.SIGVTALRM, _give_up)
    for one in corpus():
        if part not in one.name:
            continue
        _say({"name": one.name})
        measured = _measure(one, _filled(one.files(), words), folder, ground, watch)
        if canary.exists():
            measured["outside"].append("the canary was touched")
            canary.unlink()
        _say(measured)


def _say(row: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _warm_up(ground: TryGround) -> None:
    """What the first of all tries would load is no fault of a hostile input."""
    from drawn import calculating

    try_diagram(FilesToTry(FamilyFiles("warm", {"warm.bpmn": calculating("n = 1")})), ground)


def _filled(files: Mapping[str, bytes], words: Mapping[bytes, bytes]) -> dict[str, bytes]:
    found = dict(files)
    for path, content in found.items():
        for word, meant in words.items():
            if word in content:
                found[path] = found[path].replace(word, meant)
    return found


def _measure(
    one: Hostile, files: dict[str, bytes], folder: Path, ground: TryGround, watch: Watch
) -> dict[str, Any]:
    on_disk = folder / "alone" / "hostile.bpmn"
    if list(files) == ["hostile.bpmn"]:
        on_disk.parent.mkdir(exist_ok=True)
        on_disk.write_bytes(files["hostile.bpmn"])
        given = None
    else:
        given = FilesToTry(FamilyFiles("hostile", files))
    size = sum(map(len, files.values()))
    lines = _lines_of(one.at, files)
    Path("/proc/self/clear_refs").write_text("5")  # The peak begins anew.
    pace = min(_pace() for _ in range(3))
    signal.setitimer(signal.ITIMER_VIRTUAL, GIVEN_UP_AFTER)
    began, wall = time.process_time(), time.monotonic()
    with watch.armed():
        try:
            tried = try_diagram(files_to_try(on_disk) if given is None else given, ground)
            outcome, error = tried.outcome, tried.to_data()["error"]
        except Rejected as refused:
            outcome, error = "refused", refused.en
        except TooLong:
            outcome, error = "hang", ""
        except Exception as fault:  # Whatever it is, it stands in the table and fails the test.
            outcome, error = "fault", f"{type(fault).__name__}: {fault}"
    seconds, waited = time.process_time() - began, time.monotonic() - wall
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return {
        "name": one.name, "outcome": outcome, "error": error[:400], "cpu": seconds, "allowed": one.cpu_seconds, "pace": pace,
        "waited": waited, "megabytes": _status("VmHWM") / 1000, "size": size, "outside": watch.seen,
        "is_refused": one.is_refused, "at": one.at, "lines": lines,
        "names_place": one.at in error and (not lines or any(f":{line}:" in error for line in lines)),
        "tells_secret": "seen-by-nobody" in error, "length": len(error),
    }  # fmt: skip


def _pace() -> float:
    """Seconds of computing that the same small work takes now: more while others use the same core."""
    began = time.process_time()
    sum(len(str(number)) for number in range(200_000))
    return time.process_time() - began


def _lines_of(key: str, files: Mapping[str, bytes]) -> list[int]:
    written = f'id="{key}"'.encode()
    return [
        number for number, line in enumerate(files["hostile.bpmn"].splitlines(), 1) if key and written in line
    ]


def _status(name: str) -> int:
    """Kilobytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    raise LookupError(name)


def _give_up(signum: int, frame: Any) -> None:
    del signum, frame
    raise TooLong


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
