"""The small family of tests/rehearsal: where it lies, what its handlers do, and a story to begin with."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.commands.handler import Handler, HandlerContext, HandlerTable

FAMILY = Path(__file__).parents[1] / "rehearsal" / "family"
PROCESSES = Path(__file__).parents[2] / "processes"
GIVEN = """
title = "A story of a test"
[given]
profile   = "TINY"
at        = 2026-03-02T10:00:00+08:00
by        = "li_na"
variables = { subject = "等候太久", level = "minor", amount = 10 }
[given.people]
li_na    = ["first_receiver"]
wang_wei = ["outlet_head"]
zhao_min = ["service_mgmt"]
qian_yi  = ["tier1_branch"]
kang_fu  = ["customer"]
"""


def number(context: HandlerContext) -> Mapping[str, Any]:
    return {"dossier_number": context.next_number("dossier", "2026")}


def tell_customer(context: HandlerContext) -> None:
    context.notify("reply", "customer")


HANDLERS = HandlerTable(
    [Handler("tiny_number", number, in_transaction=True), Handler("tiny_tell", tell_customer)]
)
