"""What stands in the chains, for those who tell or repeat it."""

from datetime import datetime

from sqlalchemy import Select, select

from engine.model import AuditPayload, AuditRow, Json


def recorded_acts() -> Select[str, int, datetime, str, str, str, Json]:
    """Rows with `chain, sequence, at, actor, act, subject, payload`; the payload of an erased one is None."""
    return select(
        AuditRow.chain,
        AuditRow.sequence,
        AuditRow.at,
        AuditRow.actor,
        AuditRow.act,
        AuditRow.subject,
        AuditPayload.payload,
    ).outerjoin(
        AuditPayload, (AuditPayload.chain == AuditRow.chain) & (AuditPayload.sequence == AuditRow.sequence)
    )
