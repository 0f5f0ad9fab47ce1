"""An owner's first pages: families, one family, and the files of its working copy as the editors read and save them."""

from datetime import timedelta

import pytest
from pages import MATTER_FAMILY

from engine.commands.releases.deploy import deploy
from engine.commands.releases.family_files import FamilyFiles
from engine.commands.working_copies.copies import files_of_family
from engine.people import SYSTEM

HOUSE = "/procedures/matter_family"
DIAGRAM = "matter.bpmn"


class Editor:
    """A page with an editor on it: asks as its script does."""

    def __init__(self, browser):
        self.browser = browser

    def _ask(self, method, path, **options):
        headers = {"Accept": "application/json", "X-CSRF-Token": self.browser.token}
        return self.browser.client.open(f"{HOUSE}/{path}", method=method, headers=headers, **options)

    def read(self, path):
        return self._ask("GET", f"files/{path}")

    def save(self, path, text, seen):
        return self._ask("PUT", f"files/{path}", json={"text": text, "seen": seen})

    def findings(self, files):
        return self._ask("POST", "findings", json={"files": files}).json["findings"]

    def look(self, path):
        return self._ask("POST", "presence", json={"path": path}).json


@pytest.fixture
def he_jing(signed_in):
    return signed_in("he_jing")


@pytest.fixture
def sun_li(signed_in):
    return signed_in("sun_li")


def drawn():
    return (MATTER_FAMILY / DIAGRAM).read_text(encoding="utf-8")


def test_the_list_says_what_is_live_and_who_changes_it(he_jing, sun_li):
    assert "matter_family" in he_jing.get("/procedures").text
    assert "何静" not in sun_li.get("/procedures").text
    he_jing.follow(f"{HOUSE}/working-copy")
    assert "何静" in sun_li.get("/procedures").text


def test_a_file_is_read_and_saved_and_the_live_version_stays_as_it_is(he_jing, engine):
    editor = Editor(he_jing)
    first = editor.read(DIAGRAM).json
    assert (first["revision"], first["can_edit"], first["text"]) == (0, True, drawn())
    assert editor.save(DIAGRAM, drawn().replace("办理", "答复"), 0).json["revision"] == 1
    again = editor.read(DIAGRAM).json
    assert (again["revision"], again["edited_by"]) == (1, "何静")
    assert "答复" in again["text"]
    with engine.store.reading() as session:
        assert engine.releases.newest(session, "matter").number == 1
    assert DIAGRAM in he_jing.get(HOUSE).text


def test_nobody_overwrites_what_they_have_not_seen(he_jing, sun_li):
    Editor(he_jing).save(DIAGRAM, drawn() + "<!-- one -->", 0)
    refused = Editor(sun_li).save(DIAGRAM, drawn() + "<!-- other -->", 0)
    assert refused.status_code == 409
    assert refused.json["details"]["name"] == "何静"
    assert "何静" in refused.json["message"] or "he_jing" in refused.json["message"]
    assert "one" in Editor(sun_li).read(DIAGRAM).json["text"]
    assert Editor(sun_li).save(DIAGRAM, drawn() + "<!-- one, other -->", 1).json["revision"] == 2


def test_a_page_that_lay_open_while_another_version_went_live_does_not_undo_it(he_jing, engine):
    editor = Editor(he_jing)
    opened = editor.read(DIAGRAM).json
    with engine.store.reading() as session:
        live = files_of_family(session, engine.settings.blocks_folder, "matter_family", engine.clock.now())
    newer = {**live.files, DIAGRAM: live.files[DIAGRAM] + b"<!-- newer -->"}
    deploy(engine, SYSTEM, [FamilyFiles("matter_family", newer)], name="meanwhile")
    refused = editor._ask(
        "PUT", f"files/{DIAGRAM}", json={"text": drawn(), "seen": opened["revision"], "base": opened["base"]}
    )
    assert refused.status_code == 409
    assert "newer" in editor.read(DIAGRAM).json["text"]


def test_two_owners_see_each_other_and_what_was_saved(he_jing, sun_li, clock):
    Editor(he_jing).save(DIAGRAM, drawn() + "\n", 0)
    assert Editor(he_jing).look(DIAGRAM)["present"] == []
    seen = Editor(sun_li).look("forms/answer.json")
    assert [(one["name"], one["path"]) for one in seen["present"]] == [("何静", DIAGRAM)]
    assert seen["files"][DIAGRAM]["revision"] == 1
    clock.advance(timedelta(seconds=60))
    assert Editor(sun_li).look(DIAGRAM)["present"] == []


def test_the_check_speaks_about_what_is_not_saved_yet(he_jing):
    broken = drawn().replace('camunda:candidateGroups="', 'camunda:candidateGroups="nobody_knows_', 1)
    before = Editor(he_jing).findings({})
    found = [one for one in Editor(he_jing).findings({DIAGRAM: broken}) if one not in before]
    assert found
    assert found[0]["severity"] == "error"
    assert "nobody_knows_" in found[0]["says"]["zh"]
    assert found[0]["element_id"]
    assert Editor(he_jing).findings({DIAGRAM: "<no diagram"})[0]["severity"] == "error"


@pytest.mark.parametrize("path", ["../../etc/passwd", "notes.exe", "blocks/acknowledge_receipt.bpmn"])
def test_only_files_of_a_family_are_saved(he_jing, path):
    assert Editor(he_jing).save(path, "x", 0).status_code in (400, 404)


def test_who_may_only_look_cannot_save(signed_in):
    editor = Editor(signed_in("wang_wei"))
    assert editor.read(DIAGRAM).json["can_edit"] is False
    assert editor.save(DIAGRAM, "x", 0).status_code == 403


def test_a_new_diagram_begins_without_an_error(he_jing):
    he_jing.get(f"{HOUSE}/diagrams")
    made = he_jing.post(f"{HOUSE}/diagrams", {"key": "customer_callback", "name": "客户“回访”"})
    assert made.status_code == 303
    assert made.headers["Location"].endswith("/diagrams/customer_callback.bpmn")
    page = he_jing.get(f"{HOUSE}/diagrams").text
    assert "客户“回访”" in page
    errors = [one for one in Editor(he_jing).findings({}) if one["file"] == "customer_callback.bpmn"]
    assert [one for one in errors if one["severity"] == "error"] == []
    assert he_jing.post(f"{HOUSE}/diagrams", {"key": "customer_callback", "name": "x"}).status_code == 409
    assert he_jing.post(f"{HOUSE}/diagrams", {"key": "Customer Callback", "name": "x"}).status_code == 400


def test_a_working_copy_is_given_up_with_a_reason(he_jing):
    Editor(he_jing).save(DIAGRAM, drawn() + "\n", 0)
    he_jing.get(HOUSE)
    assert he_jing.post(f"{HOUSE}/working-copy/discard", {"reason": " "}).status_code == 400
    he_jing.follow(f"{HOUSE}/working-copy/discard", {"reason": "不再需要"})
    assert Editor(he_jing).read(DIAGRAM).json["revision"] == 0


def test_the_catalog_offers_what_there_is(he_jing):
    offered = Editor(he_jing)._ask("GET", "catalog").json
    assert {one["key"] for one in offered["forms"]}
    assert {one["id"] for one in offered["processes"]} >= {"matter"}
