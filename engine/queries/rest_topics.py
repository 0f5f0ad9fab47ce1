"""Which tasks of a topic a worker wants, by the words of the Camunda 7 REST API."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, false, select

from engine.model import Job, ProcessDefinition, ProcessInstance
from engine.queries.variable_of_case import variable_fits


def _of_version(tag: Any) -> ColumnElement[bool]:
    tagged = select(ProcessDefinition.definition_key).where(ProcessDefinition.version_tag == tag)
    return ProcessInstance.definition_key.in_(tagged)


def _of_variables(values: Mapping[str, Any]) -> ColumnElement[bool]:
    return and_(*(variable_fits(name, "eq", value) for name, value in values.items()))


# word → (the kind of its value, the condition). A list names alternatives, variables must all be equal.
CHOICES: Mapping[str, tuple[type, Callable[[Any], ColumnElement[bool]]]] = {
    "businessKey": (str, lambda value: ProcessInstance.business_key == value),
    "processDefinitionId": (str, lambda value: ProcessInstance.definition_key == value),
    "processDefinitionIdIn": (list, lambda value: ProcessInstance.definition_key.in_(value)),
    "processDefinitionKey": (str, lambda value: Job.process_key == value),
    "processDefinitionKeyIn": (list, lambda value: Job.process_key.in_(value)),
    "processDefinitionVersionTag": (str, _of_version),
    "tenantIdIn": (list, lambda value: ProcessInstance.organisation_key.in_(value)),
    # Each case belongs to an organisation.
    "withoutTenantId": (bool, lambda value: false()),  # noqa: ARG005 - only asked for when it is true
    "processVariables": (dict, _of_variables),
}


def chosen(wanted: Mapping[str, Any]) -> ColumnElement[bool] | None:
    """The condition of the words that say something; None: each task of the topic will do."""
    conditions = [condition(wanted[word]) for word, (_, condition) in CHOICES.items() if wanted.get(word)]
    return and_(*conditions) if conditions else None
