"""From November on the administrators hear, once a month, that the next year's holidays are not in the calendar yet.

Source: design, section 5; the State Council publishes the schedule of a year in the autumn before.
"""

from collections.abc import Iterator

from sqlalchemy import exists, insert, select
from sqlalchemy.orm import Session

from engine.commands.engine import Engine
from engine.model import Membership, Notice, Organisation, Person, new_key
from engine.notices import compose
from engine.store import hold_name

FIRST_MONTH = 11


def remind_calendars(engine: Engine) -> int:
    """Returns how many notices were written; a second call in the same month writes none."""
    with engine.store.transaction() as session:
        hold_name(session, "calendar reminders")  # Processes that start together look one after another.
        notices = list(_missing(engine, session))
        if notices:
            session.execute(insert(Notice), notices)
    engine.told({str(one["recipient"]) for one in notices})
    return len(notices)


def _missing(engine: Engine, session: Session) -> Iterator[dict[str, object]]:
    names = set(session.execute(select(Organisation.calendar).distinct()).scalars())
    for name in sorted(names):
        calendar = engine.calendars.get(name, session)
        today = engine.clock.now().astimezone(calendar.zone).date()
        is_late = calendar.known_through.year < today.year
        is_soon = today.month >= FIRST_MONTH and calendar.known_through.year == today.year
        if not (is_late or is_soon):
            continue
        wanted = calendar.known_through.year + 1
        once = f"calendar:{name}:{wanted}:{today:%Y-%m}"
        told = set(session.execute(select(Notice.recipient).where(Notice.once == once)).scalars())
        for person in _administrators(session):
            if person.username not in told:
                yield _notice(engine, person, once, f"{calendar.title.get(_language(person), name)} {wanted}")


def _administrators(session: Session) -> list[Person]:
    return list(
        session.execute(
            select(Person)
            .where(
                exists().where(Membership.username == Person.username, Membership.role_key == "admin"),
                Person.is_active.is_(True),
            )
            .order_by(Person.username)
        ).scalars()
    )


def _language(person: Person) -> str:
    return "zh" if person.locale.startswith("zh") else "en"


def _notice(engine: Engine, person: Person, once: str, what: str) -> dict[str, object]:
    subject, body = compose({}, "calendar_missing", person.locale, {"subject": what})
    return {
        "notice_key": new_key(),
        "organisation_key": person.organisation_key or "",
        "instance_key": None,
        "user_task_key": None,
        "clock_key": None,
        "once": once,
        "kind": "calendar_missing",
        "recipient": person.username,
        "role_key": "admin",
        "address": None,
        "locale": person.locale,
        "subject": subject,
        "body": body,
        "created_at": engine.clock.now(),
        "state": "in_app",
        "sent_at": None,
        "read_at": None,
        "acknowledged_at": None,
    }
