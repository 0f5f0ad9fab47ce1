"""What a rewrite tells the deployer, and what comes out of all of them."""

from dataclasses import dataclass

from lxml import etree


@dataclass(frozen=True)
class Rewrite:
    """One place where the drawing is carried out in another form. `zh` and `en` are whole sentences."""

    rule: str
    element_id: str | None
    line: int | None
    zh: str
    en: str


@dataclass(frozen=True)
class Normalised:
    root: etree._Element  # a copy; the drawing itself stays as it is
    rewrites: tuple[Rewrite, ...]
