"""Shadow replay: a changed version on the finished cases of a period, in memory and without effect.

Read `course.py` (the script of a case), `play_course.py` (how it is played), `compare.py` (what is told), and `run.py`
(the door: `replay_family`).
"""

from engine.rehearsal.replay.difference import KINDS, Difference
from engine.rehearsal.replay.kept import begin_kept_replay, play_kept_replay
from engine.rehearsal.replay.report import Counted, ReplayedCase, ReplayReport
from engine.rehearsal.replay.run import ReplayWish, replay_family

__all__ = [
    "KINDS",
    "Counted",
    "Difference",
    "ReplayReport",
    "ReplayWish",
    "ReplayedCase",
    "begin_kept_replay",
    "play_kept_replay",
    "replay_family",
]
