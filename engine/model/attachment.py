"""Documents of a case, kept in the database by digest, so that a file sent twice is stored once."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base


class Attachment(Base):
    __tablename__ = "attachment"
    attachment_key: Mapped[str] = mapped_column(primary_key=True)
    instance_key: Mapped[str] = mapped_column(ForeignKey("process_instance.instance_key"), index=True)
    digest: Mapped[str] = mapped_column(ForeignKey("attachment_content.digest"))
    file_name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    added_at: Mapped[datetime]
    added_by: Mapped[str]


class AttachmentContent(Base):
    __tablename__ = "attachment_content"
    digest: Mapped[str] = mapped_column(primary_key=True)  # sha256
    content: Mapped[bytes] = mapped_column(LargeBinary)
