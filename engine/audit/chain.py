"""Audit rows: each hash covers the hash before it and all columns; of the payload only its salted digest.

So a person's data can be erased from the payload later, and the chain still proves the rest.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from engine.model import AuditChain, AuditPayload, AuditRow

ADMINISTRATION = "administration"
Head = tuple[int, str]  # (sequence, hash) of the last row; (0, "") before the first


@dataclass(frozen=True)
class AuditEntry:
    at: datetime
    actor: str
    act: str
    subject: str
    payload: dict[str, Any] = field(default_factory=dict)


def append_entry(head: Head, chain: str, entry: AuditEntry) -> tuple[dict[str, Any], dict[str, Any], Head]:
    """The row, its payload row, and the new head. The caller writes them in the act's own transaction."""
    sequence, previous = head[0] + 1, head[1]
    salt = secrets.token_hex(16)
    row: dict[str, Any] = {
        "chain": chain,
        "sequence": sequence,
        "at": entry.at,
        "actor": entry.actor,
        "act": entry.act,
        "subject": entry.subject,
        "payload_digest": payload_digest(salt, entry.payload),
        "previous": previous,
    }
    row["hash"] = row_hash(row)
    payload = {"chain": chain, "sequence": sequence, "salt": salt, "payload": entry.payload}
    return row, payload, (sequence, row["hash"])


def payload_digest(salt: str, payload: Any) -> str:
    encoded = orjson.dumps(payload, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(salt.encode() + b"\0" + encoded).hexdigest()


def row_hash(row: Any) -> str:
    """Over a JSON list, so that no two different rows have one encoding."""
    at: datetime = row["at"]
    milliseconds = round(at.astimezone(UTC).timestamp() * 1000)
    fields = [
        row["previous"],
        row["chain"],
        row["sequence"],
        milliseconds,
        row["actor"],
        row["act"],
        row["subject"],
        row["payload_digest"],
    ]
    return hashlib.sha256(orjson.dumps(fields)).hexdigest()


def append_administration(session: Session, entry: AuditEntry) -> None:
    """One row in the chain of acts that belong to no case: people, deployments, sign-ins, imports."""
    found = session.execute(
        select(AuditChain.sequence, AuditChain.head)
        .where(AuditChain.chain == ADMINISTRATION)
        .with_for_update()
    ).one_or_none()
    head: Head = (found.sequence, found.head) if found is not None else (0, "")
    row, payload, (sequence, new_hash) = append_entry(head, ADMINISTRATION, entry)
    if found is None:
        session.execute(insert(AuditChain).values(chain=ADMINISTRATION, sequence=sequence, head=new_hash))
    else:
        session.execute(
            update(AuditChain)
            .where(AuditChain.chain == ADMINISTRATION)
            .values(sequence=sequence, head=new_hash)
        )
    session.execute(insert(AuditRow).values(**row))
    session.execute(insert(AuditPayload).values(**payload))
