"""Which profiles of a family an organisation has chosen: one, or a list when it follows several of its procedures."""

from collections.abc import Mapping
from typing import Any


def chosen_profiles(choices: Mapping[str, Any], family: str) -> tuple[str, ...]:
    """Profile ids in the order of the choice; empty when the organisation has chosen none of this family."""
    chosen = choices.get(family)
    if chosen is None:
        return ()
    return (chosen,) if isinstance(chosen, str) else tuple(chosen)
