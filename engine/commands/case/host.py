"""Answers the runner's questions for one case: conditions, scripts, decisions, and what crosses a call."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from engine.commands.case.json_values import plain
from engine.commands.releases.installed import InstalledRelease
from engine.decisions import DecisionTable, map_decision_result
from engine.diagrams import Element
from engine.expressions import compile_expression, compile_script, compile_template
from engine.model import InvalidInput
from engine.profiles import Profile
from engine.spiff import Scope
from engine.worktime import Calendar


class CaseHost:
    """Bound to one command. `limits_named` collects the limit names that an expression asked for."""

    def __init__(
        self, release: InstalledRelease, profile: Profile | None, calendar: Calendar, now: datetime
    ) -> None:
        self.release = release
        self.profile = profile
        self.calendar = calendar
        self.now = now
        self.limits_named: list[str] = []
        self.functions: dict[str, Callable[..., Any]] = {
            "limit": self._limit,
            "option": self._option,
            "role": self._role,
            "now": lambda: now.astimezone(calendar.zone).isoformat(),
            "working_days": self._working_days,
            "calendar_days": self._calendar_days,
        }

    def evaluate(self, text: str, scope: Scope) -> Any:
        return compile_expression(text).evaluate(_names(scope), self.functions)

    def text(self, text: str, scope: Scope) -> Any:
        """A text with zero or more `${…}` parts; exactly one part gives the value itself."""
        if "${" not in text:
            return text
        return compile_template(text).evaluate(_names(scope), self.functions)

    def execute(self, script: str, scope: Scope) -> None:
        scope.assign(plain(compile_script(script).execute(_names(scope), self.functions)))

    def decide(self, process_key: str, element_id: str, scope: Scope) -> None:
        element = self._element(process_key, element_id)
        table = self._table(element)
        result = table.evaluate(_names(scope))
        if element.result_variable:
            value = map_decision_result(result, element.map_decision_result or "resultList")
            scope.assign(plain({element.result_variable: value}))

    def open_call(self, process_key: str, element_id: str, scope: Scope) -> dict[str, Any]:
        element = self._element(process_key, element_id)
        visible = scope.visible()
        inner: dict[str, Any] = {}
        if element.called_element:
            # The called process's own form fields exist from its start, like those of the case.
            fields = self.release.form_fields.get(element.called_element, frozenset())
            inner.update(dict.fromkeys(fields))
        inner.update(self._mapped(element.in_mappings, visible))
        return inner

    def close_call(self, process_key: str, element_id: str, inner: Mapping[str, Any], scope: Scope) -> None:
        element = self._element(process_key, element_id)
        scope.assign(self._mapped(element.out_mappings, inner))

    def _mapped(self, mappings: Any, visible: Mapping[str, Any]) -> dict[str, Any]:
        carried: dict[str, Any] = {}
        for one in mappings:
            if one.variables == "all":
                carried.update(visible)
            elif one.source_expression:
                carried[one.target] = compile_expression(one.source_expression).evaluate(
                    visible, self.functions
                )
            elif one.source:
                carried[one.target] = visible.get(one.source)
        return plain(carried)

    def _element(self, process_key: str, element_id: str) -> Element:
        found = self.release.element(process_key, element_id)
        if found is None:
            raise InvalidInput(f"Expected element {element_id} in process {process_key}, but there is none.")
        return found

    def _table(self, element: Element) -> DecisionTable:
        table = self.release.decisions.get(element.decision_ref or "")
        if table is None:
            raise InvalidInput(
                f"Expected decision {element.decision_ref!r} of element {element.id}, but there is none.",
                f"没有找到决策表“{element.decision_ref}”。",
            )
        return table

    def _limit(self, name: str) -> str | None:
        limit = None if self.profile is None else self.profile.limits.get(name)
        if limit is None:
            profile_id = self.profile.id if self.profile else "-"
            raise InvalidInput(
                f"Expected limit {name!r} in profile {profile_id}, but it has none.",
                f"策略档案“{profile_id}”中没有时限“{name}”。",
            )
        self.limits_named.append(name)
        # Of a range of the source (`1–3 WD`) the upper end is the limit.
        return None if limit.limit is None else str(limit.limit)

    def _option(self, name: str) -> Any:
        # An option that a profile does not name is off: optional stages are left out unless asked for.
        return None if self.profile is None else self.profile.options.get(name)

    def _role(self, name: str) -> str:
        return name if self.profile is None else self.profile.roles.get(name, name)

    def _working_days(self, first: str, last: str) -> int:
        return self.calendar.working_days_between(self._date(first), self._date(last))

    def _calendar_days(self, first: str, last: str) -> int:
        span: timedelta = self._date(last) - self._date(first)
        return span.days

    def _date(self, text: str) -> Any:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            moment = moment.astimezone(self.calendar.zone)
        return moment.date()


def _names(scope: Scope) -> Mapping[str, Any]:
    return scope.links[0][2] if len(scope.links) == 1 else scope.visible()
