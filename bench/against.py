"""`python -m bench --against REF`: whether embedded complaints became slower than they were at a commit.

The files of that commit and of the working tree run the same rounds in turns, each in a process of its own, so that a
busy minute of the machine hits both. CPU seconds of the commands, as in `complaints_huiyin`.
"""

import io
import statistics
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.house import ROOT
from bench.measure import report

ROUNDS = 15
CASES_OF_EACH = 6

# Words that every version of the bench knows.
_ROUNDS = """
import sys
from bench.drive import drive
from bench.house import PROCESSES, house
from bench.measure import Stopwatch
with house(PROCESSES / "complaint") as settled:
    profiles = sorted(one.id for one in settled.release.profiles.values() if one.process == "complaint")
    drive(settled, profiles, Stopwatch())
    print(PROCESSES, flush=True)
    for of_each in sys.stdin:
        watch = Stopwatch()
        drive(settled, profiles * int(of_each), watch)
        print(watch.seconds, flush=True)
"""


def measure_against(reference: str, rounds: int = ROUNDS) -> None:
    with TemporaryDirectory(prefix="huiyin-against-") as folder:
        _unpack(reference, Path(folder))
        with _Tree.running(Path(folder)) as then, _Tree.running(ROOT) as now:
            pairs = [_pair(then, now, is_then_first=number % 2 == 0) for number in range(rounds + 1)][1:]
    ratios = [of_now / of_then for of_then, of_now in pairs]
    unit = f"CPU seconds now/{reference}"
    report(
        "embedded_ratio", statistics.median(ratios), f"{unit}, median of {rounds} rounds; above 1 is slower"
    )
    report("embedded_ratio_least", min(ratios), unit)
    report("embedded_ratio_most", max(ratios), unit)


def _unpack(reference: str, folder: Path) -> None:
    """Raises CalledProcessError with git's own words for a commit that is not there."""
    packed = subprocess.run(
        ["git", "archive", reference], cwd=ROOT, check=True, stdout=subprocess.PIPE
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")


def _pair(then: "_Tree", now: "_Tree", *, is_then_first: bool) -> tuple[float, float]:
    if is_then_first:
        return then.round(), now.round()
    of_now = now.round()
    return then.round(), of_now


class _Tree:
    """The bench of one tree of files, in a process that runs a round when it is told to."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    @classmethod
    @contextmanager
    def running(cls, root: Path) -> Iterator["_Tree"]:
        with subprocess.Popen(
            [sys.executable, "-c", _ROUNDS],
            cwd=root,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as process:
            tree = cls(process)
            # The installed package is the working tree; the folder at hand must have won over it.
            assert Path(tree._line()) == root / "processes"
            yield tree
            process.communicate()

    def round(self) -> float:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{CASES_OF_EACH}\n")
        self._process.stdin.flush()
        return float(self._line())

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        assert line, "The bench of that tree of files failed."
        return line
