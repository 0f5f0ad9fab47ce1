"""Roles of the policy register: names, and to whom each escalates."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class RegisterRole:
    """`escalates_to`: a role key; "^role" for the same role one unit further up; None: the head of the unit."""

    key: str
    zh: str
    en: str
    escalates_to: str | None


def read_register_roles(content: bytes) -> Mapping[str, RegisterRole]:
    """Reads registers/roles.tsv. Free text in its escalation column means the head of the unit."""
    rows = list(
        csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter="\t", quoting=csv.QUOTE_NONE)
    )
    keys = {row["role"] for row in rows}
    roles = {}
    for row in rows:
        en, _, zh = row["name"].partition(" · ")
        roles[row["role"]] = RegisterRole(
            row["role"], zh.strip() or en, en.strip(), _target(row["escalates_to"] or "", keys)
        )
    return roles


def _target(text: str, keys: set[str]) -> str | None:
    words = re.findall(r"[a-z][a-z0-9_]+", text)
    if "next" in words and "level" in words:
        role = next((word for word in words if word in keys), None)
        return f"^{role}" if role else None
    return next((word for word in words if word in keys), None)
