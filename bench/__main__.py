"""`make bench`: CPU time of one core, medians of several rounds after a warm-up. ARGS=--quick for a first look.

complaints_huiyin   started and finished cases a second: history, clocks, ladders, timers, rendered notices, audit, SQLite
                    file with a synced log; 24 cases of four profiles in flight; without HTTP
complaints_stock_…  the same diagrams, stripped, with SpiffWorkflow as it comes, in memory and keeping nothing
complaints_ratio    target: at least 0.3
loop_factor         a rework loop after a thousand others over the first ones; target: at most 1.3
complete_…          of one completed task; targets: at most 15 statements, 1 commit
replay_…            a changed version on a thousand finished complaints, in two processes; target: at most 60 s
distributed_…       on PostgreSQL, real time, whole processes: see distributed.py; left out where there is no PostgreSQL

ARGS="--against REF": only whether embedded complaints became slower since that commit; see against.py.
"""

import sys

from bench.against import measure_against
from bench.complaints import measure_complaints
from bench.distributed import measure_distributed
from bench.loops import measure_loops
from bench.replays import measure_replays
from bench.statements import measure_statements


def main() -> int:
    arguments = sys.argv[1:]
    if "--against" in arguments:
        measure_against(arguments[arguments.index("--against") + 1])
        return 0
    is_quick = "--quick" in arguments
    measure_complaints(2 if is_quick else 7)
    measure_statements()
    measure_loops(200 if is_quick else 1000)
    measure_replays(200 if is_quick else 1000)
    measure_distributed(*((1, 1, 60) if is_quick else ()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
