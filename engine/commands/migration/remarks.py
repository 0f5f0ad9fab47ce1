"""What will be different for a case where it stands, though it fits: names, forms, roles, limits, timers."""

from collections.abc import Iterable, Iterator, Mapping

from engine.commands.migration.verdict import Note
from engine.commands.migration.words import worded, worded_limit
from engine.commands.releases.installed import InstalledRelease
from engine.diagrams import Element

_COMPARED = (
    ("form_changed", lambda one: one.form_ref),
    ("role_changed", lambda one: ", ".join(filter(None, (one.candidate_groups, one.candidate_users, one.assignee)))),
    ("topic_changed", lambda one: one.topic),
    ("correlation_changed", lambda one: one.properties.get("correlation")),
    ("promise_changed", lambda one: one.sla),
    ("timer_changed", lambda one: one.timer and one.timer.text),
)  # fmt: skip


def remarks(
    old: InstalledRelease,
    new: InstalledRelease,
    places: Iterable[tuple[str, str]],
    mapping: Mapping[str, str],
) -> Iterator[Note]:
    """`places`: (process key, element id) of what the case has entered and not left."""
    for process_key, element_id in dict.fromkeys(places):
        was = old.element(process_key, element_id)
        now = new.element(process_key, mapping.get(element_id, element_id))
        if was is None or now is None:
            continue
        yield from _of_element(process_key, was, now)
        yield from _of_boundaries(old, new, process_key, was, now, mapping)


def limit_remarks(
    old: InstalledRelease, new: InstalledRelease, profile_id: str, limit_names: Iterable[str]
) -> Iterator[Note]:
    """`limit_names`: of the clocks that run."""
    before, after = old.profile(profile_id), new.profile(profile_id)
    if before is None or after is None:
        return
    for name in sorted(set(limit_names)):
        was = before.limits[name].value if name in before.limits else ""
        now = after.limits[name].value if name in after.limits else ""
        if was != now:
            yield worded_limit(name, was, now)


def _of_element(process_key: str, was: Element, now: Element) -> Iterator[Note]:
    if was.id != now.id:
        yield worded("mapped", process_key, now.id, was=was.name or was.id, now=now.name or now.id)
    elif was.name != now.name:
        yield worded("name_changed", process_key, now.id, was=was.name or was.id, now=now.name or now.id)
    for code, read in _COMPARED:
        before, after = read(was), read(now)
        if before != after:
            yield worded(code, process_key, now.id, name=now.name, was=before or "", now=after or "")
    if _exchange(was) != _exchange(now):
        yield worded("exchange_changed", process_key, now.id, name=now.name)


def _exchange(one: Element) -> tuple[object, ...]:
    return dict(one.inputs), dict(one.outputs), one.in_mappings, one.out_mappings


def _of_boundaries(
    old: InstalledRelease,
    new: InstalledRelease,
    process_key: str,
    was: Element,
    now: Element,
    mapping: Mapping[str, str],
) -> Iterator[Note]:
    before = {mapping.get(one.id, one.id): one for one in _boundaries(old, process_key, was.id)}
    after = {one.id: one for one in _boundaries(new, process_key, now.id)}
    for key, one in after.items():
        if key not in before:
            yield worded("event_added", process_key, key, name=one.name)
            continue
        yield from _of_element(process_key, before[key], one)
        if before[key].cancels != one.cancels:
            says = ("中断活动", "interrupts") if one.cancels else ("不中断活动", "does not interrupt")
            yield worded("cancels_changed", process_key, key, name=one.name, now=" / ".join(says))
    for key, one in before.items():
        if key not in after:
            yield worded("event_removed", process_key, one.id, name=one.name)


def _boundaries(release: InstalledRelease, process_key: str, host_id: str) -> list[Element]:
    model = release.models.get(process_key)
    return [] if model is None else [one for one in model.elements.values() if one.attached_to == host_id]
