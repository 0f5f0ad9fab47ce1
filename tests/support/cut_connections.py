"""A proxy before PostgreSQL that cuts one connection in ten at a random moment of its life, without a word to either side.

The moment is counted in parcels of bytes, not in seconds: so a cut falls between a statement and its answer as often as
between two statements, and the answer to a COMMIT may be lost with the commit done.
"""

import asyncio
import math
import random
import socket
import struct
import threading
from pathlib import Path

from sqlalchemy import make_url

FEWEST_PARCELS, MOST_PARCELS = 3, 1500
PARCEL_BYTES = 65536
# Closing sends a reset instead of a farewell, as a cable that was pulled out or a firewall would.
_NO_FAREWELL = struct.pack("ii", 1, 0)


class CutConnections:
    """`url` is what the processes are given. `opened` and `cut` count connections.

    One that was to be cut and ended before, with its process perhaps, hands its fate to the next one: so one in ten of
    all really is cut.
    """

    def __init__(self, database_url: str, *, seed: int, one_in: int = 10) -> None:
        parsed = make_url(database_url)
        host, port = parsed.query.get("host", parsed.host or "127.0.0.1"), parsed.port or 5432
        self._behind = (str(host), int(parsed.query.get("port", port)))  # type: ignore[arg-type]
        self._chance, self._one_in = random.Random(seed), one_in
        self._is_cutting = True
        self.opened = self.cut = self._owed = 0
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port: int = probe.getsockname()[1]
        without_old = parsed.difference_update_query(["host", "port"])
        self.url = (
            without_old.set(host="127.0.0.1", port=self._port)
            .update_query_dict({"sslmode": "disable", "gssencmode": "disable"})
            .render_as_string(hide_password=False)
        )
        self._is_listening = threading.Event()
        self._thread = threading.Thread(target=self._run, name="cut connections", daemon=True)

    def start(self) -> None:
        self._thread.start()
        assert self._is_listening.wait(10)

    def heal(self) -> None:
        """From now on no connection is cut."""
        self._is_cutting = False

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", self._port))
        self._is_listening.set()
        self._loop.run_forever()
        server.close()
        for task in self._tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*self._tasks, return_exceptions=True))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.opened += 1
        fate = _Fate(self._chance, self._one_in)
        if self._owed and not fate.is_doomed:
            self._owed -= 1
            fate.is_doomed = True
        far: asyncio.StreamWriter | None = None
        try:
            far_reader, far = await self._connect()
            pumps = [
                asyncio.create_task(self._pump(reader, far, fate)),
                asyncio.create_task(self._pump(far_reader, writer, fate)),
            ]
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
        except (OSError, asyncio.CancelledError):
            pass  # The server went, or the test is over.
        finally:
            self._owed += fate.is_doomed and not fate.is_cut and self._is_cutting
            for one in (writer, far):
                if one is not None:
                    if fate.is_cut:
                        _say_no_farewell(one)
                    one.transport.abort()
            self._tasks.discard(task)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, port = self._behind
        if host.startswith("/"):
            return await asyncio.open_unix_connection(str(Path(host) / f".s.PGSQL.{port}"))
        return await asyncio.open_connection(host, port)

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, fate: "_Fate") -> None:
        try:
            while parcel := await source.read(PARCEL_BYTES):
                fate.parcels_left -= 1
                if fate.parcels_left <= 0 and fate.is_doomed and self._is_cutting:
                    fate.is_cut = True
                    self.cut += 1
                    return
                target.write(parcel)
                await target.drain()
        except OSError:
            pass  # One side is gone, by SIGKILL most likely; the other one follows.


class _Fate:
    """Short lives are as likely as long ones: the logarithm of the number of parcels is spread evenly."""

    def __init__(self, chance: random.Random, one_in: int) -> None:
        self.is_doomed = chance.random() * one_in < 1
        self.parcels_left = round(math.exp(chance.uniform(math.log(FEWEST_PARCELS), math.log(MOST_PARCELS))))
        self.is_cut = False


def _say_no_farewell(writer: asyncio.StreamWriter) -> None:
    connected = writer.get_extra_info("socket")
    if connected is not None and connected.family != socket.AF_UNIX:
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_FAREWELL)
