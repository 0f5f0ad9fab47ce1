"""What a story may say: every word is known, of its kind, and does something."""

from pathlib import Path

import pytest

from engine.rehearsal import Story, StoryError, read_story

HEAD = 'title = "t"\n[given]\nprofile = "P"\nat = 2026-03-02T10:00:00\nby = "li_na"\n'
STEP = "[[step]]\nthen_ended = false\n"


def read(text: str) -> Story:
    return read_story(Path("late.toml"), text.encode())


def test_it_reads_everything_that_a_story_may_say():
    story = read("""
title  = "Late"
source = ["CMP-01/T2"]
[given]
process   = "complaint"
profile   = "CMP-01"
calendar  = "cn"
at        = 2026-02-13T16:00:00+08:00
by        = "li_na"
variables = { subject = "x", on = 2026-02-13 }
[given.people]
li_na = ["first_receiver"]
[given.units]
"east" = { under = "city", people = ["li_na"], head = "li_na" }
[[step]]
when_time_passes = "PT48H"
when_completed   = "handle_complaint"
by               = "li_na"
with             = { decision = "justified" }
then_rejected    = "x"
then_waiting_at  = "handle_complaint"
then_due         = { handle_complaint = 2026-02-24T18:00:00 }
""")

    assert story.source == ("CMP-01/T2",)
    assert story.given.variables == {"subject": "x", "on": "2026-02-13"}
    assert story.given.units["east"].under == "city"
    (step,) = story.steps
    assert step.time == ("when_time_passes", "PT48H")
    assert step.act == ("when_completed", "handle_complaint")
    assert step.values == {"decision": "justified"}
    assert step.checks["then_waiting_at"] == ("handle_complaint",)
    assert step.checks["then_due"]["handle_complaint"].tzinfo is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title = ", "late.toml: Expected a TOML file, but "),
        (HEAD + "note = 1\n" + STEP, "late.toml, [given]: The word 'note' is not known. Known words: process, profile, "),
        ("titel = 1\n" + HEAD + STEP, "late.toml: The word 'titel' is not known. Known words: title, source, given, step."),
        (
            HEAD + STEP + "[[step]]\nthen_notify = ['a']\n",
            "late.toml, step 2: The word 'then_notify' is not known. Did you mean then_notified",
        ),
        (
            HEAD + STEP + "[[step]]\nthen_notify = ['a']\n",
            "Known words: when_time_is, when_time_passes, when_completed, when_message, ",
        ),
        (HEAD.replace('title = "t"', "") + STEP, "late.toml: Expected `title`: a text, but there is none."),
        (HEAD.replace('profile = "P"', "") + STEP, "late.toml, [given]: Expected `process` or `profile`"),
        (HEAD.replace("T10:00:00", "") + STEP, "late.toml, [given]: Expected `at` to be a moment such as "),
        (HEAD.replace("at =", "ad ="), "late.toml, [given]: The word 'ad' is not known."),
        (HEAD, "late.toml: The story asserts nothing, so it could never fail"),
        (HEAD + '[[step]]\nwhen_time_passes = "PT1H"\n', "late.toml: The story asserts nothing"),
        (HEAD + "[step]\nthen_ended = true\n", "late.toml: Expected steps written as [[step]]."),
        (HEAD + "[[step]]\n" + STEP, "late.toml, step 1: The step is empty"),
        (HEAD + "[[step]]\nthen_notified = []\n", "late.toml, step 1: `then_notified` is empty, so it could never fail."),
        (HEAD + "[[step]]\nthen_variables = {}\n", "late.toml, step 1: `then_variables` is empty"),
        (HEAD + "[[step]]\nthen_worklist = { li_na = -1 }\n", "Expected `li_na` to be a number of tasks, but it is a number (-1)."),
        (HEAD + "[[step]]\nthen_worklist = { li_na = true }\n", "Expected `li_na` to be a number of tasks, but it is yes or no"),
        (HEAD + "[[step]]\nthen_waiting_at = 3\n", 'Expected `then_waiting_at` to be a list of names such as ["li_na"]'),
        (HEAD + '[[step]]\nwhen_time_is = "tomorrow"\nthen_ended = true\n', "Expected `when_time_is` to be a moment such as"),
        (HEAD + '[[step]]\nby = "li_na"\nthen_ended = true\n', "step 1: `by` belongs to something that somebody does"),
        (HEAD + "[[step]]\nwith = {}\nthen_ended = true\n", "step 1: `with` belongs to something that somebody does"),
        (HEAD + STEP + '[[step]]\nthen_rejected = "x"\n', "step 2: `then_rejected` needs something that is refused"),
        (
            HEAD + '[[step]]\nwhen_claimed = "a"\nwhen_completed = "a"\nby = "li_na"\nthen_ended = true\n',
            "step 1: Expected one of when_claimed, when_completed, but there are 2; write a step for each.",
        ),
        (
            HEAD + "[given.units]\neast = { head = 'a', boss = 'b' }\n" + STEP,
            "late.toml, [given.units.east]: The word 'boss' is not known.",
        ),
    ],
)  # fmt: skip
def test_it_names_the_place_and_the_remedy(text, says):
    with pytest.raises(StoryError) as problem:
        read(text)

    assert says in problem.value.en
    assert problem.value.zh != problem.value.en


def test_a_file_that_is_not_there_is_an_error():
    with pytest.raises(StoryError, match="cannot be read"):
        read_story(Path("nowhere.toml"))
