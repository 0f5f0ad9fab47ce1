"""The tables, one noun a file, and the words that rows and errors share.

May import only SQLAlchemy and the pure parts. Read `case.py` first: everything hangs on a ProcessInstance.
"""

from engine.model.api_token import ApiToken
from engine.model.attachment import Attachment, AttachmentContent
from engine.model.audit_row import AuditAnchor, AuditChain, AuditPayload, AuditRow
from engine.model.base import Base, Json, new_key, table_of
from engine.model.calendar_change import NEWEST_CHANGE, CalendarChangeRow
from engine.model.calendar_start import CalendarStart
from engine.model.case import ElementInstance, ProcessInstance, VariableScope
from engine.model.case_migration import CaseMigration
from engine.model.clock import ClockRow, LadderStep
from engine.model.ended_session import EndedSession
from engine.model.errors import (
    BpmnError,
    CommitUnknown,
    Conflict,
    DatabaseAway,
    Forbidden,
    HandlerFailed,
    HuiyinError,
    InvalidForm,
    InvalidInput,
    NotFound,
    Rejected,
    WrongState,
)
from engine.model.installation import Installation
from engine.model.job import Incident, Job
from engine.model.message import Message, MessageSubscription, is_signal, signal_waited_for
from engine.model.notice import Notice
from engine.model.organisation import Membership, Organisation, Person, Unit
from engine.model.release import Deployment, ProcessDefinition, Release, ReleaseFile
from engine.model.release_draft import ReleaseDraft, ReleaseDraftFile
from engine.model.release_note import ReleaseLook, ReleaseNote, ReleaseNoteSeen
from engine.model.release_pointer import ReleasePointer
from engine.model.replay_run import ReplayRun
from engine.model.series import NumberSeries
from engine.model.sign_in_failure import SignInFailure
from engine.model.timer import LATE, Timer
from engine.model.user_task import Candidate, UserTask
from engine.model.wallclock import SystemClock, VirtualClock, WallClock
from engine.model.working_copy import WorkingCopy, WorkingFile, WorkingPresence

__all__ = [
    "LATE",
    "NEWEST_CHANGE",
    "ApiToken",
    "Attachment",
    "AttachmentContent",
    "AuditAnchor",
    "AuditChain",
    "AuditPayload",
    "AuditRow",
    "Base",
    "BpmnError",
    "CalendarChangeRow",
    "CalendarStart",
    "Candidate",
    "CaseMigration",
    "ClockRow",
    "CommitUnknown",
    "Conflict",
    "DatabaseAway",
    "Deployment",
    "ElementInstance",
    "EndedSession",
    "Forbidden",
    "HandlerFailed",
    "HuiyinError",
    "Incident",
    "Installation",
    "InvalidForm",
    "InvalidInput",
    "Job",
    "Json",
    "LadderStep",
    "Membership",
    "Message",
    "MessageSubscription",
    "NotFound",
    "Notice",
    "NumberSeries",
    "Organisation",
    "Person",
    "ProcessDefinition",
    "ProcessInstance",
    "Rejected",
    "Release",
    "ReleaseDraft",
    "ReleaseDraftFile",
    "ReleaseFile",
    "ReleaseLook",
    "ReleaseNote",
    "ReleaseNoteSeen",
    "ReleasePointer",
    "ReplayRun",
    "SignInFailure",
    "SystemClock",
    "Timer",
    "Unit",
    "UserTask",
    "VariableScope",
    "VirtualClock",
    "WallClock",
    "WorkingCopy",
    "WorkingFile",
    "WorkingPresence",
    "WrongState",
    "is_signal",
    "new_key",
    "signal_waited_for",
    "table_of",
]
