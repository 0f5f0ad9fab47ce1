"""Refusals in the shape of that API: {"type", "message", "code"}, and `details` where we know more."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from engine.commands.case.on_case import CaseStopped
from engine.commands.releases.deploy import DeploymentRefused
from engine.diagrams import Finding
from engine.model import (
    CommitUnknown,
    Conflict,
    DatabaseAway,
    Forbidden,
    InvalidForm,
    InvalidInput,
    NotFound,
    Rejected,
    WrongState,
)
from engine.store import is_lost_connection
from web.engine_rest.reply import reply, write_date
from web.errors import RETRY_AFTER_SECONDS, log_lost_connection, unexpected

FALLBACK, OPTIMISTIC_LOCKING = 0, 1  # error codes of that API


class BadRequest(InvalidInput):
    """A parameter or body that this interface does not understand."""


def install(area: Blueprint) -> None:
    area.register_error_handler(Rejected, _rejected)
    area.register_error_handler(CommitUnknown, _later)
    area.register_error_handler(DBAPIError, _database)
    area.register_error_handler(IntegrityError, _clash)
    area.register_error_handler(DataError, _unstorable)
    area.register_error_handler(OverflowError, _unstorable)


def _database(problem: DBAPIError) -> ResponseReturnValue:
    if not is_lost_connection(problem):
        return unexpected(problem)
    log_lost_connection(problem)
    return _later(DatabaseAway())


def _later(error: DatabaseAway | CommitUnknown) -> Response:
    answer = _body(error.status, "ProcessEngineException", error.en, FALLBACK, {"reason": error.code})
    answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer


def _clash(problem: IntegrityError) -> Response:
    del problem  # Its text holds values of rows.
    return _body(409, "OptimisticLockingException", "Another request wrote the same row first; try again.", 1)


def _unstorable(problem: Exception) -> Response:
    """A NUL in a text, or a number beyond the database's: only some databases mind."""
    del problem
    return _body(
        400, "InvalidRequestException", "A value of the request cannot be stored or compared.", FALLBACK
    )


def _rejected(error: Rejected) -> Response:
    match error:
        case DeploymentRefused():
            message = f"ENGINE-09005 Could not parse BPMN process. {error.en}"
            return _body(400, "ParseException", message, FALLBACK, details=_findings(error.findings))
        case CaseStopped():
            return _body(500, "ProcessEngineException", error.en, FALLBACK)
        case Conflict():
            facts = {"by": error.by, "at": write_date(error.at)}
            return _body(409, "OptimisticLockingException", error.en, OPTIMISTIC_LOCKING, details=facts)
        case WrongState():
            return _body(409, "ProcessEngineException", error.en, FALLBACK)
        case NotFound():
            return _body(404, "InvalidRequestException", error.en, FALLBACK)
        case Forbidden():
            return _body(403, "AuthorizationException", error.en, FALLBACK)
        case InvalidForm():
            return _body(400, "FormFieldValidationException", error.en, FALLBACK, details=error.errors)
        case _:
            return _body(error.status, "InvalidRequestException", error.en, FALLBACK)


def _body(status: int, kind: str, message: str, code: int, details: Any = None) -> Response:
    body = {"type": kind, "message": message, "code": code}
    if details is not None:
        body["details"] = details
    return reply(body, status)


def _findings(findings: list[Finding]) -> Mapping[str, Any]:
    """File → its errors and warnings, each with element and line, as that API reports what it cannot parse."""
    files: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for one in findings:
        report = files.setdefault(one.file, {"errors": [], "warnings": []})
        report["errors" if one.severity == "error" else "warnings"].append(
            {
                "message": one.says("en"),
                "line": one.line,
                "column": None,
                "mainElementId": one.element_id,
                "elementIds": [one.element_id] if one.element_id else [],
                "rule": one.rule,
                "severity": one.severity,
                "reason": dict(one.reason),
                "remedy": dict(one.remedy),
            }
        )
    return files
