"""Tells systemd how the process is (sd_notify): ready, stopping, still alive. Without systemd nothing happens.

A unit with `Type=notify` counts as started only after `tell_ready`, and with `WatchdogSec=` is killed and started anew
when `tell_alive` stays away.
"""

import os
import socket
from collections.abc import Mapping


def tell_ready(environment: Mapping[str, str] = os.environ) -> None:
    """The process answers, or works: what waits for it may go on."""
    _tell("READY=1", environment)


def tell_stopping(environment: Mapping[str, str] = os.environ) -> None:
    """The process finishes what it has in hand and takes nothing new."""
    _tell("STOPPING=1", environment)


def tell_alive(environment: Mapping[str, str] = os.environ) -> None:
    """To be called more often than every half of `WatchdogSec=`; each call costs one datagram, or nothing."""
    if environment.get("WATCHDOG_USEC"):
        _tell("WATCHDOG=1", environment)


def _tell(state: str, environment: Mapping[str, str]) -> None:
    place = environment.get("NOTIFY_SOCKET", "")
    if not place:
        return
    # "@" stands for the zero byte with which an address without a file begins.
    address = "\0" + place[1:] if place.startswith("@") else place
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
        try:
            sender.connect(address)
            sender.send(state.encode())
        except OSError:
            pass  # Whoever waited has gone; that is no reason to stop working.
