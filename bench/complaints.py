"""Complaints per second and core: ours with everything on, and stock SpiffWorkflow in memory on the same diagrams."""

from collections.abc import Sequence

from sqlalchemy import select

from bench.drive import Driven, drive
from bench.house import PROCESSES, House, complaint_profiles, house
from bench.measure import Stopwatch, report, rounds
from bench.stock import StockFamily
from engine.model import ReleaseFile

CASES_OF_EACH = 6
ROUNDS = 7


def measure_complaints(number_of_rounds: int = ROUNDS) -> None:
    with house(PROCESSES / "complaint") as settled:
        profiles = complaint_profiles(settled.release)
        known = drive(settled, profiles, Stopwatch())
        stock = _stock(settled, known)

        def ours() -> float:
            watch = Stopwatch()
            drive(settled, profiles * CASES_OF_EACH, watch)
            return watch.seconds

        def theirs() -> float:
            watch = Stopwatch()
            for family in [*stock] * CASES_OF_EACH:
                family.run(watch)
            return watch.seconds

        cases = len(profiles) * CASES_OF_EACH
        our_seconds, their_seconds = rounds(number_of_rounds, ours, theirs)
    tasks = sum(len(one.tasks) for one in known) / len(known)
    report("complaints_tasks_per_case", tasks, "tasks")
    report("complaints_huiyin", cases / our_seconds, "cases/s/core")
    report("complaints_stock_spiffworkflow", cases / their_seconds, "cases/s/core")
    report("complaints_ratio", their_seconds / our_seconds, "huiyin/stock")


def _stock(settled: House, known: Sequence[Driven]) -> list[StockFamily]:
    with settled.engine.store.reading() as session:
        rows = session.execute(
            select(ReleaseFile.path, ReleaseFile.content).where(ReleaseFile.kind == "bpmn")
        )
        diagrams = {row.path: row.content for row in rows}
    return [StockFamily(diagrams, settled.release, one) for one in known]
