"""How deep one level of a process goes: the engine looks ahead step by step, each on the stack of the one before."""

from typing import Any

DEEPEST = 600  # of Python's thousand frames; a task with boundary events counts three, a gateway one
REASON = (
    "more steps follow each other on one level than it can look ahead; put parts of them into sub-processes "
    "(一层里先后相接的步骤过多，请把其中一部分放进子流程)"
)


def too_deep(spec: Any) -> str | None:
    """The first drawn element that lies deeper than the engine goes; None when all is well."""
    reached, level, depth = {spec.start.name}, [spec.start], 0
    while level:
        if depth > DEEPEST:
            found = next((one.bpmn_id for one in level if one.bpmn_id), None)
            return str(found or level[0].name)
        behind = []
        for one in level:
            for output in one.outputs:
                if output.name not in reached:
                    reached.add(output.name)
                    behind.append(output)
        level, depth = behind, depth + 1
    return None
