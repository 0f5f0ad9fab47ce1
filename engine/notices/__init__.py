"""What people are told: texts by locale, quiet hours, and the channels that deliver.

May import model and the pure parts. Read `texts.py`; each channel has a folder.
"""

from engine.notices.mail import MailChannel, MailSettings
from engine.notices.quiet import after_quiet_hours
from engine.notices.texts import KINDS, TextProblem, check_texts, compose

__all__ = [
    "KINDS",
    "MailChannel",
    "MailSettings",
    "TextProblem",
    "after_quiet_hours",
    "check_texts",
    "compose",
]
