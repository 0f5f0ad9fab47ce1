"""Why one row of a register was not taken."""

from engine.model import Rejected


class BadRow(Rejected):
    """The row is left out and reported; the rows around it are not touched."""

    code = "bad_row"
