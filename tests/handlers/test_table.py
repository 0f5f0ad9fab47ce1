"""The table of all handlers, and the diagrams that ask for them."""

from pathlib import Path

from engine.diagrams import read_diagram
from handlers import HANDLERS

PROCESSES = Path(__file__).parents[2] / "processes"


def test_every_topic_stands_in_the_table_once():
    topics = [handler.topic for handler in HANDLERS]

    assert len(topics) == len(set(topics))


def test_every_handler_is_asked_for_by_a_diagram():
    asked = {
        element.topic
        for path in PROCESSES.rglob("*.bpmn")
        for process in read_diagram(path.read_bytes(), path.name).processes
        for element in process.elements.values()
    }

    assert {handler.topic for handler in HANDLERS} <= asked


def test_what_goes_to_the_customer_is_a_job_that_can_be_tried_again():
    outside = {handler.topic for handler in HANDLERS if not handler.in_transaction}

    assert outside == {"notify_customer"}


def test_diagrams_hand_to_each_handler_what_it_declares():
    """The modeler offers the declared inputs: one that is missing here could not be set by an owner."""
    declared = {handler.topic: handler for handler in HANDLERS}
    for path in PROCESSES.rglob("*.bpmn"):
        for process in read_diagram(path.read_bytes(), path.name).processes:
            for element in process.elements.values():
                handler = declared.get(element.topic or "")
                if handler is None:
                    continue
                known = {one.name for one in handler.inputs}
                required = {one.name for one in handler.inputs if one.is_required}

                assert required <= element.inputs.keys() <= known, f"{path.name}: {element.id}"
