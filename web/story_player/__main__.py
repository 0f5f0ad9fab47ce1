"""`python -m web.story_player FOLDER`: answers requests until its input ends, or nobody has asked for a while."""

import os
import select
import sys
from pathlib import Path

import orjson

from engine.commands.handler import HandlerTable
from handlers import HANDLERS
from web.story_player.stages import Stages

IDLE_SECONDS = 600
NICENESS = 5  # people's own work goes first


def main() -> None:
    # What a handler may print must not get between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    os.nice(NICENESS)
    stages = Stages(Path(sys.argv[1]), HandlerTable(HANDLERS))
    requests = sys.stdin.buffer
    while select.select([requests], [], [], IDLE_SECONDS)[0]:
        line = requests.readline()
        if not line:
            break
        try:
            answer = stages.answer(orjson.loads(line))
        except Exception as fault:
            # A fault of ours is told beside the story, and the next one is played all the same.
            answer = {"fault": f"{type(fault).__name__}: {fault}"}
        answers.write(orjson.dumps(answer) + b"\n")
        answers.flush()
    stages.close()


if __name__ == "__main__":
    main()
