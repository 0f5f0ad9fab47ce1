"""Policy profiles: what one organisation promises within a family's diagrams. Data in, plain objects out.

Pure: may import worktime only. Read `profile.py`; the file's shape is described in docs/profiles.md.
"""

from engine.profiles.choice import chosen_profiles
from engine.profiles.edit import Change, comments_of, edited
from engine.profiles.place import ProfileError
from engine.profiles.profile import Ladder, Numbering, Profile, ProfileLimit, QuietHours
from engine.profiles.read import read_profile, read_value

__all__ = [
    "Change",
    "Ladder",
    "Numbering",
    "Profile",
    "ProfileError",
    "ProfileLimit",
    "QuietHours",
    "chosen_profiles",
    "comments_of",
    "edited",
    "read_profile",
    "read_value",
]
