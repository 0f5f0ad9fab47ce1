"""What was done by whom: append-only rows, one hash chain per case and one for administration."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, Json


class AuditRow(Base):
    """`hash` covers the previous hash and all columns, but of the payload only its salted digest.

    So a person's data can be erased from AuditPayload later without breaking the chain.
    """

    __tablename__ = "audit_row"
    chain: Mapped[str] = mapped_column(primary_key=True)  # instance key, or "administration"
    sequence: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    act: Mapped[str]
    subject: Mapped[str]
    payload_digest: Mapped[str]
    previous: Mapped[str]
    hash: Mapped[str]


class AuditPayload(Base):
    __tablename__ = "audit_payload"
    chain: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    salt: Mapped[str]
    payload: Mapped[Json]


class AuditChain(Base):
    """Head of a chain that belongs to no case; a case keeps its head in its own row."""

    __tablename__ = "audit_chain"
    chain: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int]
    head: Mapped[str]


class AuditAnchor(Base):
    """All heads at one moment, digested together and chained: the end of a chain cannot be cut unseen."""

    __tablename__ = "audit_anchor"
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    heads: Mapped[Json]  # chain → [sequence, head]
    previous: Mapped[str]
    hash: Mapped[str]
