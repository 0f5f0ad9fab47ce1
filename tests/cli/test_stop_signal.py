"""Whoever waits to be asked to stop hears it, wherever in the process the signal arrives."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

WAITS = """
import os, signal, threading
from web.cli.stop_signal import StopSignal
stop_signal = StopSignal()
def ask():
    signal.pthread_kill(threading.get_ident(), signal.{name})
{how}
stop_signal.wait()
"""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
@pytest.mark.parametrize(
    "how",
    [
        pytest.param("ask()", id="before it waits"),
        # Another thread takes the signal: the main thread sleeps on and runs no handler of Python.
        pytest.param("threading.Timer(0.3, ask).start()", id="while it sleeps"),
    ],
)
def test_it_hears_the_signal(name: str, how: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WAITS.format(name=signal.Signals[name].name, how=how)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (0, "")
