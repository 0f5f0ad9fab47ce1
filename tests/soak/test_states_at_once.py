"""Web and worker processes on PostgreSQL write the states of several cases at the same moment: each stays readable."""

import subprocess
import sys
from pathlib import Path

# In a process of its own: compression that is not safe among threads may end the whole process.
_WRITE_AT_ONCE = """
import random
from types import SimpleNamespace
from uuid import uuid4
import orjson, zstandard
from at_once import at_once
from engine.spiff.codec import dump_state

workflow = SimpleNamespace(
    task_tree=SimpleNamespace(id=uuid4()), last_task=None, completed=False, tasks={}, subprocesses={}
)

def write(seed):
    chance = random.Random(seed)
    for _ in range(400):
        visits = {str(number): chance.random() for number in range(chance.randint(5, 300))}
        stored = dump_state(workflow, visits, 10**7)
        assert orjson.loads(zstandard.decompress(stored))["visits"] == visits
    return "well"

said = at_once([lambda seed=seed: write(seed) for seed in range(4)])
assert said == ["well"] * 4, said
"""


def test_states_that_are_written_at_the_same_moment_can_all_be_read_again():
    paths = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1] / "support")]
    done = subprocess.run(
        [sys.executable, "-c", _WRITE_AT_ONCE],
        env={"PYTHONPATH": ":".join(paths)},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 0, f"exit {done.returncode}\n{done.stderr[-1000:]}"
