"""A family whose cases meet everything that can fall due: tasks, timers, handlers that touch the world, a ladder, a join.

Most of it happens within three seconds of the start, so that a short test sees many of them.
"""

from families import boundary, catch, family, gateway, process, profile, service, timer, user
from huiyin_with_probe import TOPIC

PROCESS = "busy"
# Left alone by half of the clients, until its own timer takes it away.
PATIENT_TASK = "wait_here"
SERVICE_TASKS = frozenset({"tell_archive", "tell_partner", "close_outside"})
# What every finished case has visited; the rest depends on whether somebody was faster than the timer.
ALWAYS_VISITED = (
    frozenset({"begun", "fork", "register", "tick", "join", "answer", "closed", "wait_here"}) | SERVICE_TASKS
)
PATIENT, HASTY = frozenset({"waited_long", "press"}), frozenset()

_FLOW = """
    begun -> fork -> register -> tell_archive -> join -> answer -> close_outside -> closed;
    fork -> wait_here -> merge -> join; waited_long -> press -> merge;
    fork -> tick -> tell_partner -> join
"""
_TRIES = "R12/PT1S"  # each SIGKILL in the middle of a handler uses one up

BUSY = family(
    process(
        PROCESS,
        _FLOW,
        gateway("fork", "parallel"),
        gateway("join", "parallel"),
        gateway("merge"),
        user("register"),
        service("tell_archive", TOPIC, retry=_TRIES),
        user(PATIENT_TASK, sla="promise"),
        boundary("waited_long", PATIENT_TASK, timer("PT2S")),
        user("press", "outlet_head"),
        catch("tick", timer("PT1S")),
        service("tell_partner", TOPIC, retry=_TRIES),
        user("answer"),
        service("close_outside", TOPIC, retry=_TRIES),
    ),
    name="busy",
    # 2 % of a minute: a warning after 1.2 seconds of waiting.
    profiles=[
        profile(
            PROCESS,
            {"promise": "1 MIN"},
            key="BUSY",
            more='[ladders.default]\nwarn = ["2%"]\nevery = "equal"',
        ).replace(b'family = "drawn"', b'family = "busy"')
    ],
)
