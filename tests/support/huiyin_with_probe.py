"""`huiyin`, with one more handler that leaves a trace outside of the database. A program for tests, started as a process.

`touch_outside` stands for what a handler does to the world: it appends a line `idempotency key, process id` to a file of
its process, which no rollback takes back; then it takes a while, and the first try of one call in three fails after having
done it. `PROBE_FOLDER` names the folder.
"""

import os
import random
import sys
import threading
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import handlers
from engine.commands.handler import Handler, HandlerContext
from engine.model import HandlerFailed

TOPIC = "touch_outside"
ONE_FAILS_IN = 3
LONGEST_SECONDS = 0.15


def touch_outside(context: HandlerContext) -> Mapping[str, Any]:
    folder, key = Path(os.environ["PROBE_FOLDER"]), context.idempotency_key
    opened = os.open(folder / f"{os.getpid()}.tsv", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        # One write is one line, also when the process is killed at this moment.
        os.write(opened, f"{key}\t{os.getpid()}\n".encode())
    finally:
        os.close(opened)
    threading.Event().wait(random.uniform(0, LONGEST_SECONDS))
    if zlib.crc32(key.encode()) % ONE_FAILS_IN == 0 and [one for one, _ in traces(folder)].count(key) == 1:
        raise HandlerFailed("The world outside answered too late.", "外部系统答复过迟。")
    return {}


def traces(folder: Path) -> list[tuple[str, int]]:
    """(idempotency key, process id) of every try, of all processes that ever ran."""
    lines = [line for file in folder.glob("*.tsv") for line in file.read_text(encoding="ascii").splitlines()]
    return [(key, int(pid)) for key, pid in (line.split("\t") for line in lines)]


PROBE = Handler(TOPIC, touch_outside)

if __name__ == "__main__":
    handlers.HANDLERS = (*handlers.HANDLERS, PROBE)  # before the wiring takes them

    from web.cli import main

    sys.exit(main())
