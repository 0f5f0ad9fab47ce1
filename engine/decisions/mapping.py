"""`camunda:mapDecisionResult`: what the variable of a business rule task holds of an answer."""

from typing import Any

from engine.decisions.failure import DecisionFailed
from engine.decisions.hit_policy import DecisionResult

RESULT_MAPPINGS = ("singleEntry", "singleResult", "collectEntries", "resultList")


def map_decision_result(result: DecisionResult, mapping: str) -> Any:
    """One of RESULT_MAPPINGS. Raises DecisionFailed where the mapping would drop a part of the answer."""
    if result.is_aggregated:
        return result.value
    if mapping in ("singleEntry", "singleResult") and len(result.outputs) > 1:
        raise DecisionFailed(
            result.decision_id,
            f"{mapping} takes one answer, but there are {len(result.outputs)}.",
            f"{mapping} 只取一个结果，但有 {len(result.outputs)} 个。",
        )
    if mapping in ("singleEntry", "collectEntries") and any(len(one) != 1 for one in result.outputs):
        raise DecisionFailed(
            result.decision_id,
            f"{mapping} takes one output column, but there are {len(result.outputs[0])}.",
            f"{mapping} 只取一列输出，但有 {len(result.outputs[0])} 列。",
        )
    match mapping:
        case "singleEntry":
            return next(iter(result.outputs[0].values())) if result.outputs else None
        case "singleResult":
            return result.outputs[0] if result.outputs else None
        case "collectEntries":
            return [next(iter(one.values())) for one in result.outputs]
        case _:
            return result.outputs
