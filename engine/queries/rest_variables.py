"""Variables of a case and of one of its tasks. Whoever calls has looked up the case or task within the person's reach."""

from collections.abc import Mapping
from typing import Any, Protocol, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.model import ProcessInstance, VariableScope
from engine.spiff import CaseRun, CompiledProcess, Guards


class RunnableRelease(Protocol):
    def compiled(self, process_key: str) -> CompiledProcess: ...


def case_variables(session: Session, instance_key: str) -> tuple[str, dict[str, Any]]:
    """(organisation, variables of the case scope)."""
    row = session.execute(
        select(ProcessInstance.organisation_key, ProcessInstance.variables).where(
            ProcessInstance.instance_key == instance_key
        )
    ).one()
    return row.organisation_key, row.variables


def visible_variables(
    session: Session, release: RunnableRelease, instance_key: str, element_instance_key: str
) -> Mapping[str, Any]:
    """What an open task or job sees: its iteration and called process shadow the case."""
    row = session.execute(
        select(ProcessInstance.process_key, ProcessInstance.variables, ProcessInstance.state_blob).where(
            ProcessInstance.instance_key == instance_key
        )
    ).one()
    inner = {
        scope.scope_key: scope.variables
        for scope in session.execute(
            select(VariableScope.scope_key, VariableScope.variables).where(
                VariableScope.instance_key == instance_key
            )
        )
    }
    if not inner:
        return cast(Mapping[str, Any], row.variables)
    # Which scopes surround the task stands in the stored state only. Nothing is run, so no host is asked.
    run = CaseRun(
        release.compiled(row.process_key),
        cast(Any, None),
        {"case": row.variables, **inner},
        Guards(),
        row.state_blob,
    )
    return run.scope(element_instance_key).visible()
