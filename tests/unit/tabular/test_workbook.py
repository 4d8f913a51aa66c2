import datetime
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from nameplate.model.errors import InputError, LimitError
from nameplate.tabular import open_table
from nameplate.tabular.child import cell_text
from nameplate.tabular.workbook import Limits


def sheets_in(path: Path, limits: Limits | None = None) -> dict[str, list[tuple[int, list[str]]]]:
    table = open_table(path, limits=limits)
    return {sheet.name: [(row.number, row.cells) for row in sheet.rows] for sheet in table.sheets()}


def test_xlsx_sheets_rows_and_kinds_of_cell(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    first.title = "March"
    first["B3"] = "Supplier"
    first["C3"] = "Amount"
    first["B4"] = "Acme"
    first["C4"] = 6326.89
    first["D4"] = datetime.date(2019, 9, 19)
    first["E4"] = 1945.0
    first["F4"] = True
    second = book.create_sheet("Notes")
    second["A1"] = "multi\nline"
    path = tmp_path / "t.xlsx"
    book.save(path)
    sheets = sheets_in(path)
    assert list(sheets) == ["March", "Notes"]
    march = {number: [cell for cell in cells if cell] for number, cells in sheets["March"]}
    assert march[3] == ["Supplier", "Amount"]
    assert march[4] == ["Acme", "6326.89", "2019-09-19", "1945", "TRUE"]
    assert sheets["Notes"][0] == (1, ["multi\nline"])


def test_xls_and_ods_read_alike(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    for row, values in enumerate([["Supplier", "Amount"], ["Acme", 12.5]]):
        for column, value in enumerate(values):
            sheet.write(row, column, value)
    book.save(str(tmp_path / "t.xls"))
    document = OpenDocumentSpreadsheet()
    table = Table(name="S")
    for values in [["Supplier", "Amount"], ["Acme", "12.5"]]:
        row_element = TableRow()
        for value in values:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=value))
            row_element.addElement(cell)
        table.addElement(row_element)
    document.spreadsheet.addElement(table)
    document.save(str(tmp_path / "t.ods"))
    expected = {"S": [(1, ["Supplier", "Amount"]), (2, ["Acme", "12.5"])]}
    assert sheets_in(tmp_path / "t.xls") == expected
    assert sheets_in(tmp_path / "t.ods") == expected


def sparse(path: Path, rows: str) -> None:
    """A minimal workbook whose only sheet holds ``rows`` as written."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="xml" '
            'ContentType="application/xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets>'
            '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
        )


def test_two_cells_far_apart_are_refused_before_reading(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    sparse(
        path,
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    )
    assert path.stat().st_size < 5_000
    with pytest.raises(LimitError, match="reaches to row 1048576 and column 16384"):
        sheets_in(path)


def test_the_memory_limit_holds_where_dimensions_lie(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    sparse(
        path,
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    )
    with pytest.raises(LimitError, match="needs more than 512 MiB of memory"):
        sheets_in(path, Limits(memory=512 << 20, grid=1 << 60))


def test_a_million_empty_rows_cost_nothing(tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    rows = ['<row r="1"><c r="A1"><v>7</v></c></row>']
    rows += [f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(2, 1_000_001)]
    sparse(path, "".join(rows))
    rows_read = sheets_in(path)["S"]
    assert [cells for _, cells in rows_read if any(cells)] == [["7"]]


def test_a_bomb_is_refused_by_its_directory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    sparse(path, '<row r="1"><c r="A1"><v>1</v></c></row>' + " " * (40 << 20))
    with pytest.raises(LimitError, match="unpacks to 40 MiB"):
        sheets_in(path, Limits(unpacked=32 << 20))


def test_a_broken_workbook_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "broken.xlsx"
    sparse(path, '<row r="1"><c r="A1"><v>1</v></c></row>')
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) // 2])
    with pytest.raises(InputError, match="cut short or damaged"):
        sheets_in(path)


def test_a_protected_workbook_says_so(tmp_path: Path) -> None:
    path = tmp_path / "locked.xlsx"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le")
    )
    with pytest.raises(InputError, match="protected by a password"):
        sheets_in(path)


def test_cells_as_text() -> None:
    assert cell_text(1945.0) == "1945"
    assert cell_text(1e-05) == "0.00001"
    assert cell_text(float("nan")) == ""
    moment = datetime.datetime.fromisoformat("2020-01-02T03:04:05")
    assert cell_text(moment) == "2020-01-02T03:04:05"
    assert cell_text(datetime.datetime.fromisoformat("2020-01-02")) == "2020-01-02"
    assert cell_text(None) == ""
