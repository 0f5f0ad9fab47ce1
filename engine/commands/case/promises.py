"""Which promises begin where: clocks start at the entry of their element, at the case's start, or at another element."""

from datetime import datetime

from engine.commands.case.clocks import CaseClocks, OpenClock
from engine.commands.case.frame import CaseFrame, split_names
from engine.commands.releases.installed import ClockedElement
from engine.expressions import ExpressionError
from engine.spiff import Visit
from engine.worktime import RecurringRule


class CasePromises:
    def __init__(self, frame: CaseFrame, clocks: CaseClocks) -> None:
        self.frame, self.clocks = frame, clocks

    def enter(self, visit: Visit) -> None:
        self._give_up_unnamed()
        for clocked in self.frame.release.clocked.get((visit.process_key, visit.element_id), ()):
            self._start_clocks(clocked, visit.key)
        element = self.frame.release.element(visit.process_key, visit.element_id)
        if element is not None and element.called_element:
            called = element.called_element
            for clocked in self.frame.release.clocked.get((called, called), ()):
                self._start_clocks(clocked, visit.key)
        for clocked in self.frame.release.clocked.get(("", visit.element_id), ()):
            self._start_early(clocked, self.frame.now)

    def start_case(self) -> None:
        own = self.frame.record.process_key
        for clocked in self.frame.release.clocked.get((own, own), ()):
            self._start_clocks(clocked, self.frame.record.instance_key)
        for model in self.frame.release.reachable(own):
            for clocked in self.frame.release.clocked.get(("", "case"), ()):
                if clocked.process_key == model.id and clocked.element_id != own:
                    self._start_early(clocked, self.frame.record.started_at)

    def _start_early(self, clocked: ClockedElement, at: datetime) -> None:
        """A clock that starts before its element is entered, for the names that are known by then."""
        for name in self._names_by_now(clocked):
            if not self.clocks.of_element(clocked.process_key, clocked.element_id, name):
                self._start_clock(clocked, name, at, "")

    def _names_by_now(self, clocked: ClockedElement) -> list[str]:
        try:
            return split_names(self.frame.host.text(clocked.names, self.frame.run.case_scope()))
        except ExpressionError:
            # It asks for what a later step finds out; at the entry the clock then starts in the past.
            return []

    def _give_up_unnamed(self) -> None:
        """An early clock whose expression names another promise by now, as when a matter turns out to belong to a
        higher level, was never promised: it is cancelled before its element is reached.
        """
        for clocked in self.frame.release.clocked_early_by_expression:
            early = [
                one
                for one in self.clocks.of_element(clocked.process_key, clocked.element_id)
                if one.row["element_instance_key"] == "" and one.row["stopped_at"] is None
            ]
            if early:
                names = self._names_by_now(clocked)
                for one in early:
                    if one.row["limit_name"] not in names:
                        self.clocks.stop(one, at=self.frame.now, is_met=False)

    def _start_clocks(self, clocked: ClockedElement, element_instance_key: str) -> None:
        scope = self.frame.scope(element_instance_key)
        for name in split_names(self.frame.host.text(clocked.names, scope)):
            at = self._clock_start(clocked)
            if clocked.start:
                running = self.clocks.of_element(clocked.process_key, clocked.element_id, name)
                early = [one for one in running if one.row["element_instance_key"] == ""]
                for one in early:
                    one.row["element_instance_key"] = element_instance_key
                    one.is_changed = True
                if early or (clocked.start == "case" and self._was_measured(clocked, name)):
                    continue
            self._start_clock(clocked, name, at, element_instance_key)

    def _was_measured(self, clocked: ClockedElement, name: str) -> bool:
        """A promise that counts from the start of the case is measured once, however often its element is visited."""
        return self.clocks.was_measured(clocked.process_key, clocked.element_id, name)

    def _clock_start(self, clocked: ClockedElement) -> datetime:
        if clocked.start == "case":
            return self.frame.record.started_at
        if clocked.start:
            return self.frame.run.last_entered_at(clocked.start) or self.frame.now
        return self.frame.now

    def _start_clock(
        self, clocked: ClockedElement, name: str, at: datetime, visit_key: str
    ) -> OpenClock | None:
        limit = None if self.frame.profile is None else self.frame.profile.limits.get(name)
        if limit is None or limit.limit is None:
            return None
        element = self.frame.release.element(clocked.process_key, clocked.element_id)
        scope = self.frame.scope(visit_key)
        # The role of the promise goes first; who takes part in the task may not be known at an early start.
        roles = (
            self.frame.names(element.candidate_groups, scope)
            if element is not None and not limit.role
            else []
        )
        if self.frame.period_from is not None and isinstance(limit.limit, RecurringRule):
            at = self.frame.period_from  # also when the case begins late: the period's due moment stays
        clock = self.clocks.start(
            limit,
            at=at,
            process_key=clocked.process_key,
            element_id=clocked.element_id,
            element_instance_key=visit_key,
            unit_key=self.frame.record.unit_key,
            role_key=roles[0] if roles else None,
            warn=clocked.warn,
            ladder=clocked.ladder,
            is_pausable=clocked.is_pausable,
        )
        self.frame.note(
            "clock.started",
            clock.row["limit_id"],
            {"due_at": clock.due_at.isoformat(), "element": clocked.element_id},
        )
        return clock
