"""What the thousandth rework loop of one case costs, over the first ones: history must not make a case slow."""

import statistics

from bench.drive import open_task
from bench.house import DIAGRAMS, House, house
from bench.measure import Stopwatch, report
from engine.commands.complete_user_task import complete_user_task
from engine.commands.start_instance import start_instance

LOOPS = 1000
WINDOW = 40


def measure_loops(loops: int = LOOPS) -> None:
    with house(DIAGRAMS / "rework") as settled:
        _run(settled, 2 * WINDOW)  # warm-up, with a case of its own
        seconds = _run(settled, loops + WINDOW // 2)
    first = statistics.median(seconds[:WINDOW])
    last = statistics.median(seconds[-WINDOW:])
    report("loop_first", first * 1000, "ms")
    report(f"loop_{loops}", last * 1000, "ms")
    report("loop_factor", last / first, f"loop {loops}/first")


def _run(settled: House, loops: int) -> list[float]:
    """CPU seconds of each loop: two tasks, a clock, a timer, a ladder, notices."""
    engine = settled.engine
    case = start_instance(
        engine, settled.actor("p_first_receiver"), process_key="rework", variables={"subject": "返工"}
    )
    seconds = []
    for _ in range(loops):
        watch = Stopwatch()
        for username, values in (("p_first_receiver", {}), ("p_outlet_head", {"is_good": False})):
            task = open_task(settled, case.instance_key)
            assert task is not None
            with watch.running("complete"):
                complete_user_task(
                    engine, settled.actor(username), user_task_key=task[1].user_task_key, values=values
                )
        seconds.append(watch.seconds)
    return seconds
