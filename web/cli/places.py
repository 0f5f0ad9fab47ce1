"""Where the files of the installation lie."""

from pathlib import Path

# The checkout, or the place where the package was installed: `processes` stands beside `web`.
PROCESSES = Path(__file__).resolve().parents[2] / "processes"


def calendars_folder() -> Path:
    return PROCESSES / "calendars"
