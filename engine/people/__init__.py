"""Who there is: units, roles, who may do what, who may hold a task, and who hears next.

May import model and the pure parts. Read `directory.py`, then `permissions.py`.
"""

from engine.people.actor import SYSTEM, Actor, Held
from engine.people.candidates import CandidateSpec, find_candidates, holders, refusal
from engine.people.directory import Directory, PersonInfo, UnitInfo, load_directory
from engine.people.escalation import Rung, find_rungs
from engine.people.passwords import PasswordCheck, hash_password
from engine.people.permissions import ACTS, SYSTEM_ROLES, is_allowed, require
from engine.people.register_roles import RegisterRole, read_register_roles

__all__ = [
    "ACTS",
    "SYSTEM",
    "SYSTEM_ROLES",
    "Actor",
    "CandidateSpec",
    "Directory",
    "Held",
    "PasswordCheck",
    "PersonInfo",
    "RegisterRole",
    "Rung",
    "UnitInfo",
    "find_candidates",
    "find_rungs",
    "hash_password",
    "holders",
    "is_allowed",
    "load_directory",
    "read_register_roles",
    "refusal",
    "require",
]
