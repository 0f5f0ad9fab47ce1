"""Notices by SMTP. Read `channel.py`."""

from engine.notices.mail.channel import MailChannel, MailSettings

__all__ = ["MailChannel", "MailSettings"]
