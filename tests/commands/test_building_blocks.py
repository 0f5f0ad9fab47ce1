"""Building blocks lie beside the families and are taken into the release of each family that calls them."""

import pytest
from cases import open_tasks, start
from families import diagram, process, user

from engine.commands.releases.deploy import deploy
from engine.commands.releases.family_files import read_families
from engine.model import NotFound
from engine.people import SYSTEM

APPROVAL = process(
    "approve", "asked -> decide_request -> decided", user("decide_request", formRef="decision")
)
UNUSED = process("unused", "u_asked -> u_wait -> u_done", user("u_wait"))
FORM = b'{"$id": "decision", "x-title": {"zh": "%s", "en": "%s"}, "type": "object", "properties": {}, "examples": [{}]}'


def calling(key, begun):
    call = f'<callActivity id="call_{key}" name="call" calledElement="approve"/>'
    return diagram(process(key, f"{begun} -> call_{key} -> over_{key}", call))


@pytest.fixture
def house(tmp_path):
    """Two families that call one block, and a block that nobody calls."""
    for path, content in {
        "blocks/approve.bpmn": diagram(APPROVAL),
        "blocks/unused.bpmn": diagram(UNUSED),
        "blocks/forms/decision.json": FORM % (b"\xe5\xae\xa1\xe6\x89\xb9", b"Approval"),
        "blocks/labels/en.json": b'{"decide_request": "Decide"}',
        "returns/returns.bpmn": calling("returning", "returned"),
        "claims/claims.bpmn": calling("claiming", "claimed"),
    }.items():
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return tmp_path


def put(engine, house):
    return deploy(engine, SYSTEM, read_families([house]), name="tests")


def test_two_families_use_one_block_each_in_its_own_release(engine, house):
    put(engine, house)

    for key in ("returning", "claiming"):
        case = start(engine, key)
        assert list(open_tasks(engine, case)) == ["decide_request"]


def test_a_block_brings_its_form_and_labels_and_only_what_is_called(house):
    families = {one.family: set(one.files) for one in read_families([house])}

    assert families.keys() == {"returns", "claims"}
    assert families["claims"] == {
        "claims.bpmn",
        "blocks/approve.bpmn",
        "blocks/forms/decision.json",
        "blocks/labels/en.json",
    }


def test_what_the_family_has_itself_takes_the_blocks_place(engine, house):
    (house / "returns" / "forms").mkdir()
    (house / "returns" / "forms" / "decision.json").write_bytes(FORM % (b"own", b"own"))

    files = next(one.files for one in read_families([house]) if one.family == "returns")

    assert "blocks/forms/decision.json" not in files


def test_a_block_is_not_begun_by_itself(engine, house):
    put(engine, house)

    with pytest.raises(NotFound):
        start(engine, "approve")


def test_a_single_family_is_deployed_with_what_it_calls(engine, house):
    (family,) = read_families([house / "claims"])

    assert "blocks/approve.bpmn" in family.files
