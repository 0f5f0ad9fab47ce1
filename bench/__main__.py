"""`make bench`: CPU time of one core, medians of several rounds after a warm-up. ARGS=--quick for a first look.

complaints_huiyin   started and finished cases a second: history, clocks, ladders, timers, rendered notices, audit, SQLite
                    file with a synced log; 24 cases of four profiles in flight; without HTTP
complaints_stock_…  the same diagrams, stripped, with SpiffWorkflow as it comes, in memory and keeping nothing
complaints_ratio    target: at least 0.3
loop_factor         a rework loop after a thousand others over the first ones; target: at most 1.3
complete_…          of one completed task; targets: at most 15 statements, 1 commit
"""

import sys

from bench.complaints import measure_complaints
from bench.loops import measure_loops
from bench.statements import measure_statements


def main() -> int:
    is_quick = "--quick" in sys.argv[1:]
    measure_complaints(2 if is_quick else 7)
    measure_statements()
    measure_loops(200 if is_quick else 1000)
    return 0


if __name__ == "__main__":
    sys.exit(main())
