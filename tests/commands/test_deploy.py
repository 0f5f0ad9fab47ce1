"""A deployment is all or nothing; what would be executed wrongly is told with file, line, element and remedy."""

import pytest
from cases import complete, open_task, open_tasks, start
from engines import TINY_FAMILY, person
from families import diagram, family, process, profile, user
from promises import clocks
from sqlalchemy import func, select

from engine.audit import verify
from engine.commands.releases.deploy import DeploymentRefused, deploy
from engine.commands.releases.family_files import FamilyFiles, read_families
from engine.model import Deployment, Forbidden, InvalidInput, ProcessDefinition, Release, ReleaseFile
from engine.people import SYSTEM

PLAIN = process("plain", "in -> keep -> out", user("keep"))
BROKEN = process("broken", "begun -> look -> gone", "<userTask id='look' name='look'/>")


def put(engine, *families, by=SYSTEM):
    return deploy(engine, by, list(families), name="tests")


def counts(engine):
    with engine.store.reading() as session:
        return [
            session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (Deployment, Release, ReleaseFile, ProcessDefinition)
        ]


def single(path, *processes):
    return FamilyFiles(path.removesuffix(".bpmn"), {path: diagram(*processes)}, is_partial=True)


def test_one_faulty_family_keeps_all_of_them_out(engine):
    before = counts(engine)

    with pytest.raises(DeploymentRefused) as refused:
        put(engine, family(PLAIN, name="good"), family(BROKEN, name="bad"))

    assert counts(engine) == before
    (error,) = [one for one in refused.value.findings if one.severity == "error"]
    assert (error.file, error.element_id, error.line) == ("drawn.bpmn", "look", 3)
    assert "Nobody could hold this task" in refused.value.en
    assert "填写候选角色或经办人" in refused.value.zh


def test_a_key_of_another_family_is_refused_and_nothing_is_kept(engine):
    before = counts(engine)

    with pytest.raises(DeploymentRefused, match="tiny_family"):
        put(
            engine,
            family(PLAIN, name="good"),
            family(process("answering", "in -> keep -> out", user("keep")), name="thief"),
        )

    assert counts(engine) == before


def test_two_new_families_with_one_key_are_refused(engine):
    before = counts(engine)

    with pytest.raises(DeploymentRefused, match="belongs to family one"):
        put(engine, family(PLAIN, name="one"), family(PLAIN, name="two"))

    assert counts(engine) == before


def test_the_same_files_again_make_no_second_release(engine):
    first = put(engine, family(PLAIN))
    before = counts(engine)[1:]

    again = put(engine, family(PLAIN))

    assert (again.releases, again.definition_keys) == (first.releases, ())
    assert counts(engine)[1:] == before


def test_a_changed_file_makes_the_next_release_of_the_whole_family(engine):
    put(engine, family(PLAIN, process("aside", "begun -> look -> gone", user("look"))))

    second = put(
        engine, family(PLAIN, process("aside", "begun -> look -> gone", user("look", "outlet_head")))
    )

    assert second.releases == (("drawn", 2),)
    assert [key.rpartition(":")[0] for key in second.definition_keys] == ["plain:2", "aside:2"]


def test_files_of_other_kinds_make_a_release_too(engine):
    put(engine, family(PLAIN, profiles=[profile("plain", {"keep": "1 WD"})]))

    changed = put(engine, family(PLAIN, profiles=[profile("plain", {"keep": "2 WD"})]))

    assert changed.releases == (("drawn", 2),)


def test_one_diagram_is_laid_over_the_newest_release_of_its_family(engine):
    put(engine, family(PLAIN, profiles=[profile("plain", {"keep": "1 WD"})], name="house"))

    sent = put(
        engine,
        single(
            "drawn.bpmn",
            process("plain", "in -> keep -> look -> out", user("keep", sla="keep"), user("look")),
        ),
    )

    assert sent.releases == (("house", 2),)
    case = start(engine, "plain")
    assert engine.clock.now() < case_due(engine, case)
    complete(engine, "li_na", open_task(engine, case))
    assert list(open_tasks(engine, case)) == ["look"]


def case_due(engine, case):
    return clocks(engine, case)["keep"].due_at


def test_a_diagram_under_another_name_replaces_the_old_file(engine):
    put(engine, family(PLAIN, name="house"))

    put(engine, single("renamed.bpmn", PLAIN.replace("first_receiver", "outlet_head")))

    with engine.store.reading() as session:
        newest = session.execute(
            select(Release.release_key).where(Release.family == "house", Release.number == 2)
        ).scalar_one()
        paths = (
            session.execute(select(ReleaseFile.path).where(ReleaseFile.release_key == newest)).scalars().all()
        )
    assert paths == ["renamed.bpmn"]


def test_an_element_that_bears_the_name_of_a_process_elsewhere_does_not_draw_its_family_in(engine):
    stranger = process(
        "other", "in -> recording -> out", user("recording")
    )  # `recording` is a process of tiny_family

    sent = put(engine, single("other.bpmn", stranger))

    assert sent.releases == (("other", 1),)


def test_a_diagram_that_cannot_be_read_is_told_with_its_line(engine):
    files = FamilyFiles("odd", {"odd.bpmn": b"<definitions>\n<process"}, is_partial=True)

    with pytest.raises(DeploymentRefused) as refused:
        put(engine, files)

    (error,) = refused.value.findings
    assert (error.file, error.line) == ("odd.bpmn", 2)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("profiles/P.toml", b"id = "),
        ("forms/f.json", b"{"),
        ("table.dmn", b"<definitions/>"),
        ("labels/en.json", b"["),
        ("texts/zh/reply.md", b"\xff"),
        ("texts/zh/reply.md", "没有主题".encode()),
        ("texts/zh/reply.md", b"# ${nonsense}"),
    ],
    ids=["profile", "form", "table", "labels", "not text", "no subject", "unknown place"],
)
def test_a_file_that_cannot_be_read_is_told_by_its_name(engine, path, content):
    files = family(PLAIN)

    with pytest.raises(DeploymentRefused) as refused:
        put(engine, FamilyFiles("drawn", dict(files.files) | {path: content}))

    assert any(one.file == path and one.severity == "error" for one in refused.value.findings)


def test_a_file_that_nothing_reads_is_told_but_harms_nothing(engine):
    files = family(PLAIN)

    done = put(engine, FamilyFiles("drawn", dict(files.files) | {"notes.doc": b"x"}))

    assert [one.file for one in done.findings if one.rule == "unread-file"] == ["notes.doc"]


def test_files_without_any_diagram_are_refused(engine):
    with pytest.raises((DeploymentRefused, InvalidInput)):
        put(engine, FamilyFiles("lonely", {"profiles/P.toml": profile("plain", {})}))


def test_only_who_may_deploy_does(engine):
    for username in ("li_na", "wang_wei", "chen_bo"):
        with pytest.raises(Forbidden):
            put(engine, family(PLAIN), by=person(engine, username))


def test_a_deployment_is_audited(engine):
    put(engine, family(PLAIN))

    with engine.store.reading() as session:
        assert verify(session).is_sound


def test_a_folder_is_read_as_a_family_and_loose_files_as_one_deployment(tmp_path):
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "plain.bpmn").write_bytes(diagram(PLAIN))
    (tmp_path / "house" / ".hidden").write_bytes(b"x")
    loose = tmp_path / "aside" / "loose.bpmn"
    loose.parent.mkdir()
    loose.write_bytes(diagram(PLAIN))

    (house,) = read_families([tmp_path / "house"])
    (single_file,) = read_families([loose])

    assert (house.family, set(house.files), house.is_partial) == ("house", {"plain.bpmn"}, False)
    assert (single_file.family, single_file.is_partial) == ("loose", True)
    assert [one.family for one in read_families([tmp_path])] == ["aside", "house"]
    assert [one.family for one in read_families([TINY_FAMILY])] == ["tiny_family"]


def test_a_path_without_diagrams_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match="diagram"):
        read_families([tmp_path])
    with pytest.raises(InvalidInput, match="there is none"):
        read_families([tmp_path / "nowhere"])
