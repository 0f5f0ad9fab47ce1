"""One replay of a changed version on the finished cases of a period, and what it found."""

from datetime import datetime, timedelta

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, Json

SILENT_AFTER = timedelta(seconds=60)  # then the process of a run is held for dead


class ReplayRun(Base):
    """`number`: the version that was tried; None: the working copy as it was then, which `digest` tells."""

    __tablename__ = "replay_run"
    run_key: Mapped[str] = mapped_column(primary_key=True)
    family: Mapped[str]
    number: Mapped[int | None]
    digest: Mapped[str]  # of the files that were tried
    since_at: Mapped[datetime]
    until_at: Mapped[datetime]
    is_filling: Mapped[bool]  # steps that nobody ever answered took their form's example
    state: Mapped[str]  # running | cancelling | done | cancelled | failed
    done: Mapped[int]
    total: Mapped[int]
    started_at: Mapped[datetime]
    started_by: Mapped[str]
    seen_at: Mapped[datetime]  # when its process last told how far it is; one that is silent has died
    ended_at: Mapped[datetime | None]
    failure: Mapped[Json | None]  # {"zh", "en"}
    report: Mapped[Json | None]

    __table_args__ = (Index("ix_replay_run_family", "family", "started_at"),)
