"""Stories: the real commands under a virtual clock, and what of the policy register they exercise.

May import everything below in the engine; handlers are passed in. Read `story.py` (what a story says), then
`play.py` (how it is played) and `run.py` (the door: `run_stories`); `trace.py` compares the register with the models.
"""

from engine.rehearsal.coverage import Passed, coverage_of
from engine.rehearsal.exercised import ids_passed
from engine.rehearsal.live_trace import LiveRules, LiveTrace, RuledProcess
from engine.rehearsal.play import Failure, StoryResult
from engine.rehearsal.register_items import read_form_titles
from engine.rehearsal.run import StoriesResult, Theatre, find_stories, line_of, run_stories
from engine.rehearsal.story import Story, read_story
from engine.rehearsal.story_error import StoryError
from engine.rehearsal.trace import Traced, trace

__all__ = [
    "Failure",
    "LiveRules",
    "LiveTrace",
    "Passed",
    "RuledProcess",
    "StoriesResult",
    "Story",
    "StoryError",
    "StoryResult",
    "Theatre",
    "Traced",
    "coverage_of",
    "find_stories",
    "ids_passed",
    "line_of",
    "read_form_titles",
    "read_story",
    "run_stories",
    "trace",
]
