"""Checks every chain from its first row to its head, in constant memory."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from engine.audit.anchors import anchor_hash, current_heads
from engine.audit.chain import payload_digest, row_hash
from engine.model import AuditAnchor, AuditPayload, AuditRow

_SAYS = {
    "changed": ("内容被改动", "was changed"),
    "missing": ("缺失", "is missing"),
    "swapped": ("顺序被调换", "is out of order"),
    "payload_changed": ("明细被改动", "has a changed payload"),
    "head_mismatch": ("与链尾记录不符", "does not end at the recorded head"),
    "planted": ("属于没有事项的链", "belongs to a chain without a case"),
    "cut": ("末尾被截去", "was cut at its end"),
    "anchor_changed": ("锚点被改动", "has a changed anchor"),
}


@dataclass(frozen=True)
class AuditProblem:
    chain: str
    sequence: int
    kind: str

    def says(self, locale: str = "zh") -> str:
        zh, en = _SAYS[self.kind]
        if locale.startswith("zh"):
            return f"审计链 {self.chain} 第 {self.sequence} 条{zh}。"
        return f"Row {self.sequence} of audit chain {self.chain} {en}."


@dataclass
class AuditReport:
    """`erased`: rows whose payload was erased on purpose; the chain still holds."""

    rows: int = 0
    chains: int = 0
    erased: int = 0
    anchors: int = 0
    problems: list[AuditProblem] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not self.problems


def verify(session: Session) -> AuditReport:
    report = AuditReport()
    ends: dict[str, tuple[int, str]] = {}
    for chain, rows in _chains(session):
        report.chains += 1
        ends[chain] = _verify_chain(chain, rows, report)
    expected = {chain: (sequence, head) for chain, sequence, head in current_heads(session)}
    for chain, end in ends.items():
        head = expected.get(chain)
        if head is None:
            report.problems.append(AuditProblem(chain, end[0], "planted"))
        elif head != end:
            kind = "cut" if end[0] < head[0] else "head_mismatch"
            report.problems.append(AuditProblem(chain, end[0] + (kind == "cut"), kind))
    for chain, (sequence, _) in expected.items():
        if sequence and chain not in ends:
            report.problems.append(AuditProblem(chain, 1, "cut"))
    _verify_anchors(session, ends, report)
    return report


def _chains(session: Session) -> Iterator[tuple[str, Iterator[Any]]]:
    """Rows grouped by chain; the database sorts, so one row is held at a time."""
    statement = (
        select(
            AuditRow.chain,
            AuditRow.sequence,
            AuditRow.at,
            AuditRow.actor,
            AuditRow.act,
            AuditRow.subject,
            AuditRow.payload_digest,
            AuditRow.previous,
            AuditRow.hash,
            AuditPayload.salt,
            AuditPayload.payload,
        )
        .outerjoin(
            AuditPayload,
            and_(AuditPayload.chain == AuditRow.chain, AuditPayload.sequence == AuditRow.sequence),
        )
        .order_by(AuditRow.chain, AuditRow.sequence)
        .execution_options(yield_per=2000)
    )
    rows = session.execute(statement).mappings()
    yield from itertools.groupby(rows, key=lambda row: str(row["chain"]))


def _verify_chain(chain: str, rows: Iterator[Any], report: AuditReport) -> tuple[int, str]:
    sequence, previous = 0, ""
    for row in rows:
        report.rows += 1
        if row["sequence"] != sequence + 1:
            report.problems.append(AuditProblem(chain, sequence + 1, "missing"))
        is_intact = row_hash(row) == row["hash"]
        if not is_intact:
            report.problems.append(AuditProblem(chain, row["sequence"], "changed"))
        elif row["previous"] != previous and row["sequence"] == sequence + 1:
            report.problems.append(AuditProblem(chain, row["sequence"], "swapped"))
        if row["payload"] is None or row["salt"] is None:
            report.erased += 1
        elif payload_digest(row["salt"], row["payload"]) != row["payload_digest"]:
            report.problems.append(AuditProblem(chain, row["sequence"], "payload_changed"))
        sequence, previous = row["sequence"], row["hash"]
    return sequence, previous


def _verify_anchors(session: Session, ends: dict[str, tuple[int, str]], report: AuditReport) -> None:
    previous, number = "", 0
    for row in session.execute(
        select(AuditAnchor.number, AuditAnchor.at, AuditAnchor.heads, AuditAnchor.previous, AuditAnchor.hash)
        .order_by(AuditAnchor.number)
        .execution_options(yield_per=50)
    ):
        report.anchors += 1
        wanted = anchor_hash(row.number, row.at, row.heads, row.previous)
        if wanted != row.hash or row.previous != previous or row.number != number + 1:
            report.problems.append(AuditProblem("anchors", row.number, "anchor_changed"))
        previous, number = row.hash, row.number
        for chain, (sequence, head) in row.heads.items():
            end = ends.get(chain, (0, ""))
            if end[0] < sequence:
                report.problems.append(AuditProblem(chain, end[0] + 1, "cut"))
                continue
            stored = session.execute(
                select(AuditRow.hash).where(AuditRow.chain == chain, AuditRow.sequence == sequence)
            ).scalar_one_or_none()
            if stored is not None and stored != head:
                report.problems.append(AuditProblem(chain, sequence, "changed"))
