"""How much a request may bring, by who sends it and what it is; the rest of a larger one is never read."""

from flask import Request

from engine.commands.attachments import MOST_BYTES

FILES_AT_ONCE = 5
# A long form whose session has ended comes from a stranger, and is shown again: so much, and no more.
STRANGER_BYTES = 256_000
FORM_BYTES = 1_000_000
JSON_BYTES = 8_000_000
FILES_BYTES = FILES_AT_ONCE * MOST_BYTES


def most_bytes(request: Request) -> int | None:
    """For a person who is signed in; None: as much as the application allows at all. Thousands of fields take seconds to read, files go by without a look."""
    if request.mimetype == "multipart/form-data":
        return None
    return FORM_BYTES if request.mimetype == "application/x-www-form-urlencoded" else JSON_BYTES
