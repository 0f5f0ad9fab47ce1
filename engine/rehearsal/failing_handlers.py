"""The handlers of this installation, of which a story may let some fail."""

from engine.commands.handler import Handler, HandlerContext, HandlerTable, Outputs
from engine.model import BpmnError, HandlerFailed


class FailingHandlers(HandlerTable):
    """Like `real`, until a story says that a topic fails; from then on it does, at every try."""

    def __init__(self, real: HandlerTable) -> None:
        super().__init__()
        self._real = real
        self.failing: dict[str, HandlerFailed | BpmnError] = {}

    def find(self, topic: str) -> Handler | None:
        handler, failure = self._real.find(topic), self.failing.get(topic)
        if handler is None or failure is None:
            return handler

        def fail(context: HandlerContext) -> Outputs:
            del context
            raise failure

        return Handler(topic, fail, in_transaction=handler.in_transaction)

    def topics(self) -> frozenset[str]:
        return self._real.topics()
