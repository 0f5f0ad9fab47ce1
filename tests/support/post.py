"""A handler that does what a test tells it, and a case that has just asked for it."""

from engines import make_engine, person
from families import install, process, service

from engine.commands.handler import Handler
from engine.commands.start_instance import start_instance

SENDING = process("sending", "in -> send -> out", service("send", "post", retry="R3/PT10M"))


class Post:
    """A handler that does what it is told: raises, or gives outputs, one after the other; then nothing more."""

    def __init__(self, *acts):
        self.acts = list(acts)
        self.calls = []

    def __call__(self, context):
        self.calls.append(context)
        act = self.acts.pop(0) if self.acts else {}
        if isinstance(act, BaseException):
            raise act
        return act(context) if callable(act) else act


def with_handler(engine, post, topic="post", **more):
    return make_engine(engine.store, engine.clock, [Handler(topic, post, **more)])


def sent(engine, post, drawing=SENDING, key="sending", **given):
    """A case of a family with one handler, before its job was run."""
    server = with_handler(engine, post)
    install(server, drawing)
    case = start_instance(server, person(server, "li_na"), process_key=key, variables=given)
    return server, case
