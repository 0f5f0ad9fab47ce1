"""Nothing of a procedure is left open: forms, handlers, clauses, ends, and both ways that a promise can go."""

import re

import pytest
from procedures import TABLE, checked, family_folders, story_paths

from engine.rehearsal import coverage_of, ids_passed, read_story

FAMILIES = pytest.mark.parametrize("folder", family_folders(), ids=lambda folder: folder.name)


def elements(folder):
    for diagram in checked(folder).diagrams:
        for process in diagram.processes:
            for element in process.elements.values():
                yield process, element


def place(process, element):
    return f"{process.file}:{element.line} {element.id}"


@FAMILIES
def test_it_may_go_live(folder):
    assert [one.says("en") for one in checked(folder).errors] == []


@FAMILIES
def test_every_user_task_has_a_form(folder):
    known = {form.key for form in checked(folder).forms}

    assert [
        place(*one) for one in elements(folder) if one[1].kind == "userTask" and one[1].form_ref not in known
    ] == []


@FAMILIES
def test_every_form_is_used_and_its_examples_fit(folder):
    used = {element.form_ref for _, element in elements(folder)}

    for form in checked(folder).forms:
        assert form.key in used, f"No task uses form {form.key}."
        for example in form.schema["examples"]:
            assert form.validate(example).errors == {}, f"{form.file_name}: {example}"


@FAMILIES
def test_every_service_task_has_a_handler_or_says_why_it_waits_for_an_external_worker(folder):
    waiting = [
        place(process, element)
        for process, element in elements(folder)
        if element.topic and "${" not in element.topic
        if TABLE.find(element.topic) is None and not element.properties.get("external")
    ]

    assert not waiting, "\n".join(waiting)


@FAMILIES
def test_every_timer_has_a_clause(folder):
    """In `source`, or through limits that carry a register id in every profile that has them."""
    without = [
        place(process, element)
        for process, element in elements(folder)
        if element.timer is not None and not element.source and not _is_limited(folder, element.timer.text)
    ]

    assert not without, "\n".join(without)


def _is_limited(folder, text):
    """A name that an expression finds out could be any of the profile's."""
    if "limit(" not in text:
        return False
    names = set(re.findall(r"[\"']([a-z_0-9]+)[\"']", text))
    limits = [one for profile in checked(folder).profiles for one in profile.limits.values()]
    named = [one for one in limits if one.name in names] or limits
    return bool(named) and all("/" in one.id or one.is_off for one in named)


@FAMILIES
def test_every_step_branch_timer_and_end_is_passed_by_a_story(folder, play):
    """Services and decisions stand on the way to these."""
    models = [process for diagram in checked(folder).diagrams for process in diagram.processes]
    passed = coverage_of(models, [(one.path.stem, one.outcome) for one in _passed(folder, play)])

    missing = [
        f"{one.file}:{one.line} {one.kind} {one.element_id}: {one.name}" for one in passed if not one.stories
    ]
    assert not missing, "\n".join(missing)


@FAMILIES
def test_a_story_claims_only_what_it_passes(folder, play, theatre, carriers):
    ours = [one for one in carriers if one.file.startswith(f"{folder.name}/")]
    false = []
    for played in _passed(folder, play):
        release = theatre.releases()[folder.name]
        claimed = set(read_story(played.path).source)
        passed = ids_passed(ours, release, played.profile_id, played.outcome)
        false += [f"{played.path.name} claims {one}" for one in sorted(claimed - passed)]

    assert not false, "\n".join(false)


@FAMILIES
def test_every_limit_of_every_profile_is_seen_kept_and_broken(folder, play):
    seen = {(one.profile_id, *limit) for one in _passed(folder, play) for limit in one.outcome.limits}

    missing = [
        f"{profile.id}: {limit.id} ({name}) is never {state}"
        for profile in checked(folder).profiles
        for name, limit in profile.limits.items()
        if limit.id and not limit.is_off and limit.limit is not None
        for state in ("met", "breached")
        if (profile.id, limit.id, state) not in seen
    ]
    assert not missing, "\n".join(missing)


def _passed(folder, play):
    return [one for one in map(play, story_paths(folder)) if one.is_ok and one.outcome is not None]
