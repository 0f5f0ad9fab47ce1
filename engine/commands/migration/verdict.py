"""What a move to another release would mean for one case, in words for the person who decides on it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

FITS, REMARKS, NEEDS_MAPPING, CANNOT = "fits", "fits_with_remarks", "needs_mapping", "cannot"


@dataclass(frozen=True)
class Note:
    """One reason or remark. `code` is for programs, `zh` and `en` for people."""

    code: str
    process_key: str
    element_id: str
    zh: str
    en: str


@dataclass(frozen=True)
class Verdict:
    """`kind`: fits | fits_with_remarks | needs_mapping | cannot. `reasons` say why not, `remarks` what will differ."""

    instance_key: str
    business_key: str
    from_release: int
    to_release: int
    kind: str
    reasons: tuple[Note, ...] = ()
    remarks: tuple[Note, ...] = ()

    @property
    def is_possible(self) -> bool:
        return self.kind in (FITS, REMARKS)

    def to_data(self) -> dict[str, Any]:
        return asdict(self)


def kind_of(reasons: Sequence[Note], remarks: Sequence[Note]) -> str:
    if reasons:
        return NEEDS_MAPPING if all(one.code == "element_gone" for one in reasons) else CANNOT
    return REMARKS if remarks else FITS
