"""All heads at one moment, digested together and chained: cutting the end of a chain is then seen too."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from engine.model import AuditAnchor, AuditChain, ProcessInstance


def anchor_hash(number: int, at: datetime, heads: Any, previous: str) -> str:
    milliseconds = round(at.astimezone(UTC).timestamp() * 1000)
    encoded = orjson.dumps([number, milliseconds, heads, previous], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(encoded).hexdigest()


def current_heads(session: Session) -> Iterator[tuple[str, int, str]]:
    """(chain, sequence, head) of every chain."""
    for table, key, sequence, head in (
        (AuditChain, AuditChain.chain, AuditChain.sequence, AuditChain.head),
        (
            ProcessInstance,
            ProcessInstance.instance_key,
            ProcessInstance.audit_sequence,
            ProcessInstance.audit_head,
        ),
    ):
        del table
        for row in session.execute(select(key, sequence, head).execution_options(yield_per=2000)):
            yield row[0], row[1], row[2]


def anchor(session: Session, at: datetime) -> int:
    """Anchors the heads that have moved since they were anchored last; returns how many."""
    last: dict[str, int] = {}
    number, previous = 0, ""
    for row in session.execute(
        select(AuditAnchor.number, AuditAnchor.heads, AuditAnchor.hash).order_by(AuditAnchor.number)
    ):
        number, previous = row.number, row.hash
        last |= {chain: entry[0] for chain, entry in row.heads.items()}
    heads = {
        chain: [sequence, head]
        for chain, sequence, head in current_heads(session)
        if sequence and last.get(chain) != sequence
    }
    if heads:
        number += 1
        session.execute(
            insert(AuditAnchor).values(
                number=number,
                at=at,
                heads=heads,
                previous=previous,
                hash=anchor_hash(number, at, heads, previous),
            )
        )
    return len(heads)
