"""Documents of a case: within their limits, of the kind that their ending says, for who may read the case."""

import pytest
from cases import complete, open_task, start
from engines import person
from sqlalchemy import func, select

from engine.commands.attachments import (
    MOST_BYTES,
    MOST_OF_A_CASE,
    add_attachment,
    clean_file_name,
    read_attachment,
)
from engine.commands.start_instance import start_instance
from engine.model import Attachment, AttachmentContent, Forbidden, InvalidInput, NotFound, WrongState

PDF = b"%PDF-1.7 ..."


@pytest.fixture
def case(engine):
    return start(engine)


def add(engine, case, name="证据.pdf", content=PDF, by="li_na"):
    return add_attachment(
        engine, person(engine, by), instance_key=case.instance_key, file_name=name, content=content
    )


def count(engine, table):
    with engine.store.reading() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def test_who_takes_part_adds_and_reads_documents(engine, case):
    key = add(engine, case)

    assert read_attachment(engine, person(engine, "zhao_min"), key) == ("证据.pdf", "application/pdf", PDF)
    assert read_attachment(engine, person(engine, "wang_wei"), key)[2] == PDF


def test_the_same_document_is_stored_once_however_often_it_is_added(engine, case):
    other = start(engine)
    add(engine, case)
    add(engine, case, "另一个名字.pdf")
    add(engine, other)

    assert (count(engine, Attachment), count(engine, AttachmentContent)) == (3, 1)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\windows\\x.pdf", "x.pdf"),
        ("C:\\Users\\x\\报告.PDF", "报告.PDF"),
        ("/", "file"),
        ("..", "file"),
        ("", "file"),
        ("a\u202efdp.exe.pdf", "afdp.exe.pdf"),  # a mark that makes the name read backwards
        ("a\u200b\0\r\nb.pdf", "ab.pdf"),
        ('a<b>:"|?*.pdf', "ab.pdf"),
        (".pdf", "pdf"),
        (f"{'长' * 300}.pdf", f"{'长' * 116}.pdf"),
    ],
)
def test_a_name_keeps_only_what_every_system_can_bear(given, kept):
    assert clean_file_name(given) == kept


@pytest.mark.parametrize("name", [f"x.{'y' * 300}", f"{'a' * 300}.{'b' * 100}", "x" * 500])
def test_no_name_is_longer_than_it_may_be(name):
    assert len(clean_file_name(name)) <= 120


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.pdf", b"MZ\x90"),
        ("x.png", PDF),
        ("x.docx", b"<html>"),
        ("x.html", b"<html>"),
        ("x.svg", b"<svg/>"),
        ("x.exe", b"MZ"),
        ("x", PDF),
        ("x.pdf.exe", PDF),
        ("x.pdf", b""),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_what_its_ending_says_is_refused(engine, case, name, content):
    with pytest.raises(InvalidInput) as refused:
        add(engine, case, name, content)

    assert name in refused.value.zh
    assert count(engine, AttachmentContent) == 0


def test_a_document_is_as_large_as_it_may_be_and_no_larger(engine, case):
    add(engine, case, content=PDF.ljust(MOST_BYTES))

    with pytest.raises(InvalidInput, match="20 MB"):
        add(engine, case, content=PDF.ljust(MOST_BYTES + 1))


def test_a_case_holds_so_many_documents_and_no_more(engine, case):
    for number in range(MOST_OF_A_CASE):
        add(engine, case, f"{number}.pdf")

    with pytest.raises(InvalidInput, match=str(MOST_OF_A_CASE)):
        add(engine, case)


def test_who_takes_no_part_neither_adds_nor_reads(engine, case):
    key = add(engine, case)

    with pytest.raises(Forbidden):
        add(engine, case, by="chen_bo")
    with pytest.raises(Forbidden):
        read_attachment(engine, person(engine, "chen_bo"), key)


def test_the_person_complained_about_reads_nothing_though_a_supervisor(engine):
    case = start_instance(
        engine, person(engine, "li_na"), process_key="answering", variables={"complained_about": "wang_wei"}
    )
    key = add(engine, case)

    with pytest.raises(Forbidden, match="COI-1"):
        read_attachment(engine, person(engine, "wang_wei"), key)
    with pytest.raises(Forbidden, match="COI-1"):
        add(engine, case, by="wang_wei")


def test_what_is_not_there_is_not_found(engine):
    with pytest.raises(NotFound):
        read_attachment(engine, person(engine, "li_na"), "0" * 32)


def test_a_closed_case_takes_no_more_documents_but_shows_its_own(engine, case):
    key = add(engine, case)
    complete(engine, "li_na", open_task(engine, case))

    with pytest.raises(WrongState):
        add(engine, case)
    assert read_attachment(engine, person(engine, "li_na"), key)[2] == PDF
