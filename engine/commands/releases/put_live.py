"""One checked family becomes a release that is live at once, unless its files are live already."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.commands.releases.check_family import CheckedFamily
from engine.commands.releases.pointers import Pointing, live_number, set_pointer, take_off_older
from engine.commands.releases.store_release import digest_of, next_number, store_release
from engine.diagrams import Finding
from engine.model import Release, new_key


@dataclass(frozen=True)
class PutLive:
    """`taken_off`: numbers of older releases that were to go live later and are not any more."""

    family: str
    number: int
    definition_keys: tuple[str, ...] = ()
    taken_off: tuple[int, ...] = ()

    def as_finding(self) -> Finding:
        numbers = ", ".join(map(str, self.taken_off))
        return Finding(
            "warning", "taken-off", self.family, None, None, None,
            {
                "zh": f"预定生效的版本 {numbers} 已取消：否则它会取代版本 {self.number}。",
                "en": f"Release {numbers} was to go live later and was taken off: it would have replaced {self.number}.",
            },
            {"zh": "如仍需要，请以新版本重新起草。", "en": "Draft it anew on top of this one if it is still wanted."},
        )  # fmt: skip


def put_live(session: Session, checked: CheckedFamily, deployment_key: str, pointing: Pointing) -> PutLive:
    """The caller holds the numbers."""
    family = checked.files.family
    live = live_number(session, family, pointing.at)
    if live is not None:
        number, key = live
        digest = session.execute(select(Release.digest).where(Release.release_key == key)).scalar_one()
        if digest == digest_of(checked.files.files):
            return PutLive(family, number)
    number, release_key = next_number(session, family), new_key()
    made = store_release(
        session,
        checked,
        release_key=release_key,
        number=number,
        deployment_key=deployment_key,
        live_from=pointing.at,
    )
    taken_off = take_off_older(session, family, number, pointing.at, pointing)
    set_pointer(session, family, release_key, pointing.at, pointing)
    return PutLive(family, number, tuple(made), tuple(taken_off))
