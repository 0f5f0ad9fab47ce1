"""Who does a task and with which form: what the tasks beside it say, or the name that was probably meant."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from engine.diagrams.fixes.fix import Fix, change
from engine.diagrams.fixes.place import Place, alike
from engine.diagrams.fixes.texts import rewritten


def _nobody(place: Place) -> Iterator[Fix]:
    """The roles of the other tasks in the same lane, else of the process, most used first."""
    process, element = place.process, place.element
    if process is None or element is None:
        return
    others = [one for one in process.user_tasks() if (one.candidate_groups or "").strip(" ,")]
    beside = [one for one in others if one.lane and one.lane == element.lane] or others
    for groups, _ in Counter(one.candidate_groups for one in beside).most_common():
        yield Fix(
            f"由 {groups} 办理",
            f"Let {groups} do it",
            (change(place.key, set="camunda:candidateGroups", to=groups),),
        )


def _unknown_role(place: Place) -> Iterator[Fix]:
    element, wrong = place.element, place.said
    groups = (element.candidate_groups if element else None) or ""
    if ": " in wrong:  # `CMP-01: hanlder`: a role of the family, which the profile fills
        yield from _unknown_call(place, wrong.rpartition(": ")[2])
        return
    parts = [one.strip() for one in groups.split(",")]
    for near in alike(wrong, place.names.roles or ()):
        mended = ",".join(dict.fromkeys(near if one == wrong else one for one in parts))
        yield Fix(
            f"改为 {near}", f"Use {near}", (change(place.key, set="camunda:candidateGroups", to=mended),)
        )
    left = [one for one in parts if one != wrong]
    if any(left):
        yield Fix(
            f"去掉 {wrong}",
            f"Remove {wrong}",
            (change(place.key, set="camunda:candidateGroups", to=",".join(left)),),
        )


def _unknown_call(place: Place, wrong: str) -> Iterator[Fix]:
    if place.process is None:
        return
    profiles = [set(one.roles) for _, one in place.names.profiles_of(place.process.id)]
    common = set.intersection(*profiles) if profiles else set()
    call = re.compile(rf"(role\(\s*[\"']){re.escape(wrong)}([\"']\s*\))")
    for near in alike(wrong, common | set(place.names.roles or ())):
        changes = rewritten(place, lambda text, near=near: call.sub(rf"\g<1>{near}\g<2>", text))  # type: ignore[misc]
        if changes:
            yield Fix(f"改为 {near}", f"Use {near}", changes)


def _form(place: Place) -> Iterator[Fix]:
    """The form that is called nearly like what was written, or like the task itself."""
    element = place.element
    asked = (element.form_ref if element else None) or place.key
    for near in alike(asked, place.names.forms or ()):
        yield _with_form(place, near)


def _no_form(place: Place) -> Iterator[Fix]:
    known = place.names.forms or ()
    for key in dict.fromkeys([*([place.key] if place.key in known else []), *alike(place.key, known)]):
        yield _with_form(place, key)


def _with_form(place: Place, key: str) -> Fix:
    return Fix(f"用表单 {key}", f"Use the form {key}", (change(place.key, set="camunda:formRef", to=key),))


REMEDIES: Mapping[str, Callable[[Place], Iterator[Fix]]] = {
    "nobody": _nobody,
    "unknown-role": _unknown_role,
    "unknown-form": _form,
    "no-form": _no_form,
}
