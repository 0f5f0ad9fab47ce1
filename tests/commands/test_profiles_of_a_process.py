"""A family of several processes: each profile answers for its own, and for what they call."""

import pytest
from cases import start
from families import family, process, profile, user

from engine.commands.releases.deploy import DeploymentRefused, deploy
from engine.model import InvalidInput
from engine.people import SYSTEM

ASKING = process("asking", "asked -> answer_question -> answered", user("answer_question", sla="answer"))
REPORT = process("weekly_report", "begun -> write_report -> written", user("write_report", sla="report"))
ONE, OTHER = {"answer": "1 WD"}, {"report": "every week by friday"}


def put(engine, *families):
    return deploy(engine, SYSTEM, list(families), name="tests")


def test_a_profile_answers_for_its_own_process_only(engine):
    put(
        engine,
        family(
            ASKING, REPORT, profiles=[profile("asking", ONE), profile("weekly_report", OTHER, key="OTHER")]
        ),
    )

    assert start(engine, "weekly_report").process_key == "weekly_report"
    with pytest.raises(InvalidInput, match="DRAWN runs asking"):
        start(engine, "weekly_report", profile_id="DRAWN")


def test_what_a_profile_names_besides_runs_under_it_and_is_checked_for_it(engine):
    also = 'also = ["weekly_report"]'
    both = profile("asking", ONE | OTHER, more=also)

    with pytest.raises(DeploymentRefused, match="DRAWN: report"):
        put(engine, family(ASKING, REPORT, profiles=[profile("asking", ONE, more=also)]))
    put(engine, family(ASKING, REPORT, profiles=[both]))
    assert start(engine, "weekly_report", profile_id="DRAWN").process_key == "weekly_report"


def test_a_process_that_no_profile_reaches_must_fit_them_all(engine):
    with pytest.raises(DeploymentRefused, match="DRAWN: report"):
        put(engine, family(ASKING, REPORT, profiles=[profile("asking", ONE)]))


def test_a_misspelt_process_of_a_profile_is_told_at_once(engine):
    with pytest.raises(DeploymentRefused, match=r"names the process asknig.*Name one of asking"):
        put(engine, family(ASKING, profiles=[profile("asknig", ONE)]))
