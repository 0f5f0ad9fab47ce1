"""What excuses a late timer in the soak: only what is truly an outage, and nothing counted twice."""

from datetime import UTC, datetime, timedelta

from held_tickets import Held, HeldTickets, Outage
from lateness import covered, without_any

START = datetime(2026, 3, 2, tzinfo=UTC)


def at(seconds):
    return START + timedelta(seconds=seconds)


def seconds(span):
    return span.total_seconds()


def outage(since, until, case="a"):
    return Outage(case, at(since), at(until))


def test_only_the_part_of_an_outage_between_due_and_met_is_excused():
    assert seconds(covered(at(10), at(20), [outage(0, 12), outage(18, 30)])) == 4


def test_outages_that_overlap_are_excused_once():
    assert seconds(covered(at(0), at(20), [outage(4, 10), outage(2, 8), outage(5, 6)])) == 8


def test_an_outage_that_was_over_before_the_due_moment_excuses_nothing():
    assert seconds(covered(at(10), at(20), [outage(0, 9)])) == 0


def test_no_worker_is_there_only_while_all_are_absent():
    absences = [[(at(0), at(5)), (at(10), at(15))], [(at(3), at(12))], [(at(0), at(20))]]

    assert without_any(absences) == [outage(3, 5, None), outage(10, 12, None)]


def test_workers_of_which_one_was_never_killed_are_never_all_absent():
    assert without_any([[(at(0), at(5))], []]) == []


def watched(*, heartbeat, seen):
    tickets = HeldTickets("postgresql://nowhere/nothing")
    tickets._heartbeats[1] = at(heartbeat)
    tickets._tickets[7] = Held("a", 1, at(seen[0]), at(seen[1]))
    return tickets


def test_a_ticket_of_a_killed_worker_is_an_outage_from_the_kill_to_the_takeover():
    (found,) = watched(heartbeat=9.5, seen=(9.8, 14)).outages([at(3), at(10), at(12)])

    assert (found.case, found.since) == ("a", at(10))
    assert at(14) <= found.until <= at(14.2)


def test_a_ticket_of_a_worker_that_lives_on_is_no_outage():
    assert watched(heartbeat=60, seen=(9.8, 14)).outages([at(10)]) == []


def test_a_ticket_taken_after_the_kill_is_no_outage():
    assert watched(heartbeat=9.5, seen=(11, 14)).outages([at(10)]) == []
