"""What a register file may look like, and what is refused before anything is imported."""

import zipfile
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook
from registers import CLOSED, HEADER, WriteRegister, changed

from engine.commands.imports import csv_file, read_register, register_file, sheet
from engine.model import InvalidInput

AS_TYPED = datetime(2026, 2, 10, 9, 20)  # noqa: DTZ001 - as a workbook gives it.


def workbook(path: Path, *rows: Sequence[object]) -> Path:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_it_reads_csv_whoever_wrote_it(write_register: WriteRegister, encoding: str, delimiter: str) -> None:
    path = write_register(CLOSED, encoding=encoding, delimiter=delimiter)

    register = read_register(path)

    assert register.titles == HEADER
    assert register.rows[0].values["subject"] == "柜台排队太久"
    assert register.rows[0].facts["received_at"] == "2026-02-10 09:20"


def test_a_comma_inside_quotes_is_no_delimiter(write_register: WriteRegister) -> None:
    row = changed(CLOSED, 主题="排队, 又排队, 再排队, 一直排队")

    register = read_register(write_register(row, delimiter=";"))

    assert register.rows[0].values["subject"] == "排队, 又排队, 再排队, 一直排队"


def test_english_headers_mean_the_same(write_register: WriteRegister) -> None:
    path = write_register(
        ("N-1", "City Bank", "2026-02-10", "Long queue", "Li Na"),
        header=("Register number", "Organisation", "Received at", "Subject", "Received by"),
    )

    register = read_register(path)

    assert set(register.rows[0].facts) == {"number", "organisation", "received_at", "received_by"}


def test_a_title_above_the_header_and_empty_rows_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    lines = ["城商行2026年客户投诉登记表", "", ",".join(HEADER), "", ",".join(CLOSED)]
    path.write_text("\n".join(lines), encoding="utf-8")

    register = read_register(path)

    assert [row.number for row in register.rows] == [5]


def test_unknown_columns_are_named(write_register: WriteRegister) -> None:
    register = read_register(write_register((*CLOSED, "x"), header=(*HEADER, "天气")))

    assert register.unknown_columns == ("天气",)


def test_a_missing_column_is_named_with_what_was_found(write_register: WriteRegister) -> None:
    path = write_register(("1", "排队"), header=("编号", "事由"))

    with pytest.raises(InvalidInput) as refused:
        read_register(path)

    assert "“受理时间”" in refused.value.zh
    assert "编号、事由" in refused.value.zh
    assert "'received'" in refused.value.en


def test_a_quote_that_is_not_closed_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_text(
        '编号,受理时间,主题\n1,2026-02-10,好\n2,2026-02-10,"没有结束\n3,2026-02-10,好\n', encoding="utf-8"
    )

    with pytest.raises(InvalidInput, match="after row 2"):
        read_register(path)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")

    with pytest.raises(InvalidInput, match="UTF-8 or GB18030"):
        read_register(path)


def test_a_file_of_another_kind_is_refused_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "register.xls"
    path.write_bytes(b"")

    with pytest.raises(InvalidInput, match="save it as one of these"):
        read_register(path)


def test_more_rows_than_anybody_keeps_are_refused(
    write_register: WriteRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet, "MOST_ROWS", 2)
    path = write_register(CLOSED, CLOSED, CLOSED)

    with pytest.raises(InvalidInput, match="at most 2 rows"):
        read_register(path)


def test_a_file_that_is_too_large_is_not_even_read(
    write_register: WriteRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register_file, "MOST_BYTES", 100)
    monkeypatch.setattr(csv_file, "read_csv", pytest.fail)

    with pytest.raises(InvalidInput, match="at most 100 bytes"):
        read_register(write_register(CLOSED))


def test_a_workbook_gives_dates_numbers_and_texts(tmp_path: Path) -> None:
    header = ("编号", "机构", "受理时间", "主题", "联系电话")
    path = workbook(tmp_path / "register.xlsx", header, (17, "城商行", AS_TYPED, "排队", 13800001111))

    row = read_register(path).rows[0]

    assert row.facts["received_at"] == AS_TYPED
    assert row.cells == ("17", "城商行", "2026-02-10 09:20:00", "排队", "13800001111")


def test_a_formula_in_a_workbook_is_never_computed(tmp_path: Path) -> None:
    header = ("编号", "受理时间", "主题")
    path = workbook(tmp_path / "register.xlsx", header, ("1", "2026-02-10", '=HYPERLINK("http://x","排队")'))

    row = read_register(path).rows[0]

    assert "subject" not in row.values  # No program has computed it, so nothing stands there.


def test_the_sheet_with_the_header_is_found(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["说明：请填第二张表"])
    second = book.create_sheet("登记簿")
    second.append(["编号", "受理时间", "主题"])
    second.append(["1", "2026-02-10", "排队"])
    book.save(tmp_path / "register.xlsx")

    assert len(read_register(tmp_path / "register.xlsx").rows) == 1


def test_a_workbook_that_unpacks_to_a_giant_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 20_000_000)
    path.write_bytes(packed.getvalue())

    with pytest.raises(InvalidInput, match="unpacks to 20000000 bytes"):
        read_register(path)


def test_a_workbook_with_a_document_type_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "register.xlsx", ("编号", "受理时间", "主题"))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/extra.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')

    with pytest.raises(InvalidInput, match="document type"):
        read_register(path)


def test_a_file_that_only_claims_to_be_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    path.write_text("编号,受理时间,主题", encoding="utf-8")

    with pytest.raises(InvalidInput, match="cannot be read"):
        read_register(path)
