"""Owners change a family together, and hand it in: nothing that anybody saved or released is lost on the way."""

import pytest
from engines import ORGANISATION, person

from engine.commands.people.people_commands import add_person, grant_role
from engine.commands.releases.deploy import deploy
from engine.commands.releases.family_files import FamilyFiles
from engine.commands.working_copies.copies import files_of_family
from engine.commands.working_copies.discard_working_copy import discard_working_copy
from engine.commands.working_copies.hand_in_working_copy import hand_in_working_copy
from engine.commands.working_copies.open_working_copy import open_working_copy
from engine.commands.working_copies.renew_working_copy import renew_working_copy
from engine.commands.working_copies.save_working_file import save_working_file
from engine.model import Conflict, Forbidden, InvalidInput, NotFound, ReleaseDraft, WrongState
from engine.people import SYSTEM
from engine.queries.working_copies import find_working_copy

FAMILY = "tiny_family"


@pytest.fixture
def owners(engine):
    for username in ("he_jing", "sun_li"):
        add_person(engine, SYSTEM, username=username, organisation_key=ORGANISATION, name={"zh": username})
        grant_role(engine, SYSTEM, username=username, unit_key=ORGANISATION, role_key="process_owner")
    return person(engine, "he_jing"), person(engine, "sun_li")


def files(engine):
    with engine.store.reading() as session:
        return dict(files_of_family(session, engine.settings.blocks_folder, FAMILY, engine.clock.now()).files)


def a_text(engine):
    """A file whose change changes nothing else."""
    return next(path for path in files(engine) if path.endswith(".bpmn"))


def changed(engine, path, mark):
    return files(engine)[path].replace(b"</", b"<!-- " + mark.encode() + b" --></", 1)


def test_there_is_one_open_copy_however_often_it_is_opened(engine, owners):
    he_jing, sun_li = owners
    first = open_working_copy(engine, he_jing, family=FAMILY)
    assert open_working_copy(engine, sun_li, family=FAMILY) == first
    discard_working_copy(engine, sun_li, copy_key=first, reason="begin anew")
    assert open_working_copy(engine, sun_li, family=FAMILY) != first
    with pytest.raises(Conflict) as refused:
        save_working_file(engine, he_jing, copy_key=first, path="a.bpmn", content=b"", seen=0)
    assert refused.value.by == "sun_li"


def test_handing_in_makes_a_version_that_names_all_who_edited_it(engine, owners):
    he_jing, sun_li = owners
    key, path = open_working_copy(engine, he_jing, family=FAMILY), a_text(engine)
    with pytest.raises(InvalidInput):
        hand_in_working_copy(engine, he_jing, copy_key=key, reason="nothing yet")
    one = save_working_file(
        engine, he_jing, copy_key=key, path=path, content=changed(engine, path, "one"), seen=0
    )
    two = save_working_file(
        engine, sun_li, copy_key=key, path=path, content=changed(engine, path, "two"), seen=one
    )
    assert (one, two) == (1, 2)
    drafted = hand_in_working_copy(engine, he_jing, copy_key=key, reason="clearer")
    with engine.store.reading() as session:
        draft = session.query(ReleaseDraft).filter_by(family=FAMILY, number=drafted.number).one()
        assert draft.editors == ["he_jing", "sun_li"]
    assert find_working_copy(engine, he_jing, FAMILY) is None


def test_a_removed_file_is_gone_in_the_version_and_a_file_changed_back_is_no_change(engine, owners):
    he_jing, _ = owners
    key, path = open_working_copy(engine, he_jing, family=FAMILY), a_text(engine)
    old = files(engine)[path]
    seen = save_working_file(engine, he_jing, copy_key=key, path=path, content=None, seen=0)
    assert path not in files(engine)
    save_working_file(engine, he_jing, copy_key=key, path=path, content=old, seen=seen)
    copy = find_working_copy(engine, he_jing, FAMILY)
    assert copy.changed == ()
    assert copy.files[0].revision == 2


def test_what_went_live_meanwhile_is_taken_over_before_handing_in(engine, owners):
    he_jing, _ = owners
    key, path = open_working_copy(engine, he_jing, family=FAMILY), a_text(engine)
    ours = changed(engine, path, "ours")
    save_working_file(engine, he_jing, copy_key=key, path=path, content=ours, seen=0)
    live = files(engine) | {path: ours.replace(b"ours", b"live"), "README.md": b"# new"}
    deploy(engine, SYSTEM, [FamilyFiles(FAMILY, live)], name="meanwhile")
    assert find_working_copy(engine, he_jing, FAMILY).is_behind
    with pytest.raises(WrongState):
        hand_in_working_copy(engine, he_jing, copy_key=key, reason="x")
    assert renew_working_copy(engine, he_jing, copy_key=key).undecided == (path,)
    assert renew_working_copy(engine, he_jing, copy_key=key, keep_ours=[path]).undecided == ()
    assert files(engine)[path] == ours
    assert files(engine)["README.md"] == b"# new"
    assert hand_in_working_copy(engine, he_jing, copy_key=key, reason="x").is_new


def test_the_live_file_may_be_taken_instead(engine, owners):
    he_jing, _ = owners
    key, path = open_working_copy(engine, he_jing, family=FAMILY), a_text(engine)
    ours = changed(engine, path, "ours")
    save_working_file(engine, he_jing, copy_key=key, path=path, content=ours, seen=0)
    theirs = ours.replace(b"ours", b"live")
    deploy(engine, SYSTEM, [FamilyFiles(FAMILY, files(engine) | {path: theirs})], name="meanwhile")
    with pytest.raises(InvalidInput):
        renew_working_copy(engine, he_jing, copy_key=key, keep_ours=[path], take_live=[path])
    renew_working_copy(engine, he_jing, copy_key=key, take_live=[path])
    assert files(engine)[path] == theirs


def test_a_change_made_over_an_older_version_is_refused_even_of_a_file_that_nobody_has_touched(
    engine, owners
):
    he_jing, _ = owners
    path = a_text(engine)
    old = changed(engine, path, "from an open page")
    live = files(engine) | {path: changed(engine, path, "live")}
    deploy(engine, SYSTEM, [FamilyFiles(FAMILY, live)], name="meanwhile")
    key = open_working_copy(engine, he_jing, family=FAMILY)
    with pytest.raises(Conflict, match="Version 2 has gone live"):
        save_working_file(engine, he_jing, copy_key=key, path=path, content=old, seen=0, base=1)
    assert files(engine)[path] == live[path]
    assert save_working_file(engine, he_jing, copy_key=key, path=path, content=old, seen=0, base=2) == 1


def test_staff_and_strange_families_are_refused(engine, owners):
    with pytest.raises(Forbidden):
        open_working_copy(engine, person(engine, "li_na"), family=FAMILY)
    with pytest.raises(NotFound):
        open_working_copy(engine, owners[0], family="nowhere")
