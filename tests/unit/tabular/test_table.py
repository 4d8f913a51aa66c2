"""Any table written as text in any encoding, delimiter and line ending reads back."""

import csv
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nameplate.model.errors import InputError
from nameplate.tabular import open_table
from nameplate.tabular.encoding import detect_encoding


def rows_in(path: Path) -> list[tuple[int, list[str]]]:
    return [(row.number, row.cells) for sheet in open_table(path).sheets() for row in sheet.rows]


WORDS = st.text(alphabet="abcdefgh XYZ0189'()&/.-" + ',"\n', min_size=0, max_size=12).map(
    lambda text: text.replace("\r", "")
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=st.lists(st.lists(WORDS, min_size=3, max_size=3), min_size=3, max_size=12),
    encoding=st.sampled_from(
        ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp850", "cp437"]
    ),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    ending=st.sampled_from(["\r\n", "\n", "\r"]),
)
def test_what_is_written_reads_back(
    tmp_path: Path, rows: list[list[str]], encoding: str, delimiter: str, ending: str
) -> None:
    header = ["Supplier name", "Amount (£)", "Paid date"]
    table = [header, *[["x" + row[0], *row[1:]] for row in rows]]
    text = ""
    for row in table:  # With its own line end "\r", the writer would leave a "\n" unquoted.
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerow(row)
        text += out.getvalue().removesuffix("\r\n") + ending
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode(encoding))
    read = rows_in(path)
    assert [cells for _, cells in read] == table
    number = 1
    for (found, _), cells in zip(read, table, strict=True):
        assert found == number
        number += 1 + sum(cell.count("\n") for cell in cells)


def test_line_endings_may_be_mixed(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b'a,b\rc,d\r\ne,"f\rg"\nh,i')
    assert rows_in(path) == [(1, ["a", "b"]), (2, ["c", "d"]), (3, ["e", "f\ng"]), (5, ["h", "i"])]


def test_a_stray_quote_does_not_swallow_the_file(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    lines = ["a,b", '"broken,1', *[f"row{i},{i}" for i in range(300)]]
    path.write_text("\n".join(lines))
    table = open_table(path)
    rows = [row for sheet in table.sheets() for row in sheet.rows]
    assert [row.number for row in rows] == list(range(1, 303))
    assert rows[1].cells == ['"broken', "1"]
    assert any("stray quotation mark" in note for note in table.info.notes)


def test_a_stray_quote_near_the_end_does_not_either(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('a,b\n1,2\n"x,3\ny,4\n')
    assert [cells for _, cells in rows_in(path)] == [
        ["a", "b"],
        ["1", "2"],
        ['"x', "3"],
        ["y", "4"],
    ]


def test_nul_characters_are_dropped_and_noted(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,b\nsome\0thing,12\nmore text here,5\n")
    table = open_table(path)
    rows = [row.cells for sheet in table.sheets() for row in sheet.rows]
    assert rows[1] == ["something", "12"]
    assert table.info.notes == ["NUL characters dropped from 1 lines"]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"Amount(\xa3)\r\n1", "cp1252"),
        (b"Amount(\x9c)\r\n1", "cp850"),
        ("Caf\u00e9 \u2013 \u00a35".encode("cp1252"), "cp1252"),
        ("Amount £5 café".encode(), "utf-8"),
        (b"plain", "utf-8"),
        (b"\xef\xbb\xbfplain", "utf-8-sig"),
        ("wide text".encode("utf-16"), "utf-16"),
        ("wide text".encode("utf-16-be"), "utf-16-be"),
        ("£1 é ü ".encode() * 5 + b"\xff", "utf-8"),
    ],
)
def test_the_encoding_is_settled_by_evidence(tmp_path: Path, raw: bytes, expected: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(raw)
    assert detect_encoding(path).name == expected


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"<!DOCTYPE html><html><body>Not found</body></html>", "is a web page (HTML)"),
        (b"<?xml version='1.0'?><a/>", "is XML"),
        (b"%PDF-1.7 ...", "is no table"),
        (b"", "is empty"),
        (b"\x01\x02\x03\x04\x05\x06\x07\x08" * 50, "is binary"),
        (b"PK\x03\x04broken", "cut short or damaged"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(
    tmp_path: Path, raw: bytes, sentence: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(raw)
    with pytest.raises(InputError) as caught:
        rows_in(path)
    assert sentence in str(caught.value)
    assert str(caught.value).count("\n") == 0


def test_a_zip_without_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(InputError, match="holds no workbook"):
        rows_in(path)
