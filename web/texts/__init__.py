"""What people are told in a family's name: letters and mails in each language, and the names of drawn things."""

from web.texts.views import blueprint

__all__ = ["blueprint"]
