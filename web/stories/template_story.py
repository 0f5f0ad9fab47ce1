"""A new story that plays as it stands: everybody whom the procedure needs, walked to its end."""

import re
from datetime import datetime, time

from engine.diagrams import Element
from engine.forms import FormDefinition
from engine.model import InvalidInput
from engine.people.candidates import OUTSIDE
from engine.profiles import Profile
from engine.rehearsal.pseudonyms import NAMES
from engine.rehearsal.story_text import DraftStep, StoryDraft, write_story
from web.procedures.house import FamilyPage

_WORD = re.compile(r"[A-Za-z_][\w]*")


def template_story(house: FamilyPage, profile_id: str, title: str) -> str:
    """Raises InvalidInput when there is no such profile, or no title."""
    draft = template_draft(house, profile_id, title)
    draft.steps.append(DraftStep({"when_walked_past": "end", "then_ended": True}))
    return write_story(draft)


def template_draft(house: FamilyPage, profile_id: str, title: str) -> StoryDraft:
    """Without steps. Raises InvalidInput as `template_story` does."""
    if not title:
        raise InvalidInput(
            "Expected a title: what the story shows, in one sentence.",
            "请填写标题：用一句话说明情景要说明什么。",
        )
    profile = next((one for one in house.checked.profiles if one.id == profile_id), None)
    if profile is None:
        raise InvalidInput(f"There is no profile {profile_id!r}.", f"没有档案“{profile_id}”。")
    calendar = house.engine.calendars.get(profile.calendar)
    day = calendar.next_working_day(house.engine.clock.now().astimezone(calendar.zone).date())
    at = datetime.combine(day, time(10), tzinfo=calendar.zone)
    people = dict(zip(NAMES, ([one] for one in _roles(house, profile)), strict=False)) or {
        NAMES[0]: ["employee"]
    }
    form = _start_form(house, profile)
    variables = dict((form.schema.get("examples") or [{}])[0]) if form else {}
    known = {field.name for field in form.fields if field.widget not in ("user", "unit")} if form else set()
    return StoryDraft(
        title=title,
        source=[profile.id] if profile.id in house.engine.register.ids else (),
        given={
            "process": profile.process,
            "profile": profile.id,
            "at": at,
            "by": next(iter(people)),
            "variables": {name: value for name, value in variables.items() if name in known} or None,
        },
        people=people,
        steps=[],
    )


def _roles(house: FamilyPage, profile: Profile) -> list[str]:
    """Of all who may have to do something, in the order of the diagrams."""
    models = {process.id: process for diagram in house.checked.diagrams for process in diagram.processes}
    waiting, seen, found = [profile.process], set[str](), dict[str, None]()
    held = {name: _WORD.findall(roles) for name, roles in profile.roles.items()}  # a profile may name several
    known = set(house.engine.register.roles) or {role for roles in held.values() for role in roles}
    while waiting:
        key = waiting.pop(0)
        if key in seen or key not in models:
            continue
        seen.add(key)
        for element in models[key].elements.values():
            for role in (role for word in _words(element) for role in held.get(word, [word])):
                if role in known and role not in OUTSIDE:
                    found[role] = None
            if element.called_element:
                waiting.append(element.called_element)
    rungs = (role for roles in profile.escalates_to.values() for role in _WORD.findall(roles))
    for role in (*(role for roles in held.values() for role in roles), *rungs):
        if role in known and role not in OUTSIDE:
            found[role] = None
    return list(found)


def _words(element: Element) -> list[str]:
    return _WORD.findall(f"{element.candidate_groups or ''} {element.assignee or ''}")


def _start_form(house: FamilyPage, profile: Profile) -> FormDefinition | None:
    forms = {form.key: form for form in house.checked.forms}
    for diagram in house.checked.diagrams:
        for process in diagram.processes:
            if process.id == profile.process:
                for event in process.start_events():
                    if event.form_ref in forms:
                        return forms[event.form_ref]
    return None
