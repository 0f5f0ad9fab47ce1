"""Notices of one command: composed in each reader's language, kept once, mailed through the outbox."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from engine.commands.case.frame import CaseFrame
from engine.model import Notice, new_key, table_of
from engine.notices import after_quiet_hours, compose
from engine.people import holders
from engine.people.candidates import OUTSIDE
from engine.profiles import Profile
from engine.worktime import Calendar

MAIL_TOPIC = "mail"
MAIL_TRIES = 8
_ONCE = ["once", "recipient"]
# A second try after a crash changes nothing; each database has its own words for it.
_INSERT = {
    "sqlite": sqlite.insert(table_of(Notice)).on_conflict_do_nothing(index_elements=_ONCE),
    "postgresql": postgresql.insert(table_of(Notice)).on_conflict_do_nothing(index_elements=_ONCE),
}


class CaseNotices:
    def __init__(self, frame: CaseFrame) -> None:
        self.frame = frame
        self._notices: list[dict[str, Any]] = []
        self.told: set[str] = set()  # who has a new notice, once it is saved

    def tell(
        self,
        kind: str,
        usernames: Collection[str],
        *,
        once: str,
        facts: Mapping[str, Any],
        role_key: str | None = None,
        user_task_key: str | None = None,
        clock_key: str | None = None,
    ) -> list[str]:
        """One notice a person. The person complained about is never told. Returns who was."""
        told = []
        for username in usernames:
            person = self.frame.directory.people.get(username)
            if person is None or not person.is_active or username in self.frame.excluded:
                continue
            told.append(username)
            link_facts = {"link": self._link(user_task_key), "recipient": person.shown(person.locale)}
            localised = self._facts(facts, person.locale) | link_facts
            subject, body = compose(self.frame.release.texts, kind, person.locale, localised)
            self._add(
                kind,
                username,
                person.locale,
                person.email,
                subject,
                body,
                once,
                role_key,
                user_task_key,
                clock_key,
            )
        return told

    def tell_role(
        self, kind: str, to: str, *, once: str, facts: Mapping[str, Any], user_task_key: str | None = None
    ) -> list[str]:
        """`to`: a role key, a username, or someone outside such as the customer."""
        if to in OUTSIDE:
            self._tell_outside(kind, to, once, facts)
            return [to]
        if to in self.frame.directory.people:
            return self.tell(kind, (to,), once=once, facts=facts, user_task_key=user_task_key)
        _, names = holders(self.frame.directory, to, self.frame.record.unit_key, self.frame.excluded)
        return self.tell(kind, names, once=once, facts=facts, role_key=to, user_task_key=user_task_key)

    def _tell_outside(self, kind: str, to: str, once: str, facts: Mapping[str, Any]) -> None:
        variables = self.frame.record.variables
        address = variables.get("customer_email") if to == "customer" else None
        locale = str(variables.get("customer_locale") or "zh")
        subject, body = compose(self.frame.release.texts, kind, locale, self._facts(facts, locale))
        self._add(kind, to, locale, address, subject, body, once, to, None, None)

    def _facts(self, facts: Mapping[str, Any], locale: str) -> dict[str, Any]:
        language = "zh" if locale.startswith("zh") else "en"
        record = self.frame.record
        known: dict[str, Any] = {
            "number": record.business_key,
            "subject": record.subject,
            "customer": record.variables.get("customer_name"),
        }
        for name, value in facts.items():
            if isinstance(value, Mapping):
                known[name] = value.get(language)
            elif isinstance(value, datetime):
                known[name] = shown_moment(value, self.frame.calendar)
            else:
                known[name] = value
        return known

    def _link(self, user_task_key: str | None) -> str:
        base = self.frame.engine.settings.base_url.rstrip("/")
        if user_task_key:
            return f"{base}/tasks/{user_task_key}"
        return f"{base}/cases/{self.frame.record.instance_key}"

    def _add(
        self,
        kind: str,
        recipient: str,
        locale: str,
        address: str | None,
        subject: str,
        body: str,
        once: str,
        role_key: str | None,
        user_task_key: str | None,
        clock_key: str | None,
    ) -> None:
        if any(one["once"] == once and one["recipient"] == recipient for one in self._notices):
            return
        engine = self.frame.engine
        is_mailed = engine.send_mail is not None and bool(address) and not engine.imports_past
        state = "imported" if engine.imports_past else "queued" if is_mailed else "in_app"
        self._notices.append(
            {
                "notice_key": new_key(),
                "organisation_key": self.frame.record.organisation_key,
                "instance_key": self.frame.record.instance_key,
                "user_task_key": user_task_key,
                "clock_key": clock_key,
                "once": once,
                "kind": kind,
                "recipient": recipient,
                "role_key": role_key,
                "address": address if is_mailed else None,
                "locale": locale,
                "subject": subject,
                "body": body,
                "created_at": self.frame.now,
                "state": state,
                "sent_at": None,
                "read_at": None,
                "acknowledged_at": None,
            }
        )

    def withdraw(self, user_task_key: str) -> None:
        """The task was opened and given up in one command: nobody need hear of it."""
        self._notices = [one for one in self._notices if one["user_task_key"] != user_task_key]

    def save(self) -> None:
        # The person complained about may have become known after a notice was written.
        notices = [one for one in self._notices if one["recipient"] not in self.frame.excluded]
        if not notices:
            return
        connection = self.frame.session.connection()
        connection.execute(_INSERT[connection.dialect.name], notices)
        self.told = {one["recipient"] for one in notices if one["state"] != "imported"}
        jobs = [self._mail_job(one) for one in notices if one["state"] == "queued"]
        if jobs:
            self.frame.engine.jobs.enqueue(self.frame.session, jobs)

    def _mail_job(self, notice: Mapping[str, Any]) -> dict[str, Any]:
        due = self.frame.now
        if not self.frame.record.is_safety:
            due = _mail_due(due, self.frame.profile, self.frame.calendar)
        return {
            "job_key": new_key(),
            "kind": "notice",
            "topic": MAIL_TOPIC,
            "instance_key": None,
            "element_instance_key": None,
            "process_key": None,
            "element_id": None,
            "state": "waiting",
            "due_at": due,
            "priority": 10 if self.frame.record.is_safety else 0,
            "retries_left": MAIL_TRIES,
            "attempts": 0,
            "retry_seconds": 60,
            "worker": None,
            "lease_until": None,
            "error": None,
            "payload": {"notice_key": notice["notice_key"]},
            "created_at": self.frame.now,
            "is_external": False,
        }


def _mail_due(now: datetime, profile: Profile | None, calendar: Calendar) -> datetime:
    if profile is None or profile.quiet_hours is None:
        return now
    return after_quiet_hours(now, profile.quiet_hours.start, profile.quiet_hours.end, calendar.zone)


def shown_moment(moment: datetime, calendar: Calendar) -> str:
    """Local time; the end of a day as 24:00, as people say it."""
    local = moment.astimezone(calendar.zone)
    return f"{local:%Y-%m-%d %H:%M}"
