from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from nameplate.sources.sniff import sniff


def _zip(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, raw in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), raw)
    return out.getvalue()


def _tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        info = tarfile.TarInfo("a.csv")
        info.size = 3
        tar.addfile(info, io.BytesIO(b"a,b"))
    return out.getvalue()


CASES = {
    "json object": (b'{"releases": []}', "x.csv", "json"),
    "json lines with mark": (b'\xef\xbb\xbf{"ocid": "a"}\n{"ocid": "b"}\n', "x", "json"),
    "json array, pretty": (b'\n[\n  {\n "ocid": 1}]', "x.txt", "json"),
    "truncated json": (b'{"releases": [{"oc', "x.json", "json"),
    "statements": (b'{"statement_id":"st_x","subject":"p_x"}\n', "x.jsonl", "statements"),
    "html under a false name": (
        b"<!DOCTYPE html><html><body>Sign in</body></html>",
        "a.csv",
        "html",
    ),
    "xml": (b'<?xml version="1.0"?><TED_EXPORT/>', "a.csv", "xml"),
    "xml with a title": (b'<?xml version="1.0"?><TED><TITLE>x</TITLE></TED>', "a.xml", "xml"),
    "xhtml": (b'<?xml version="1.0"?><html xmlns="x"><body/></html>', "a.xml", "html"),
    "csv": (b"Supplier,Amount,Date\nA,1,2\nB,2,3\n", "x", "csv"),
    "csv under title rows": (b"Payments over 500\n\n" + b"a,b,c\n" * 9, "x.txt", "csv"),
    "semicolons": (b"a;b\n1;2\n3;4\n", "x.txt", "csv"),
    "utf-16 with mark": ("a\tb\tc\n1\t2\t3\n".encode("utf-16"), "x.csv", "csv"),
    "utf-16 without mark": (("a,b,c\n1,2,3\n" * 5).encode("utf-16-le"), "x.csv", "csv"),
    "bare cr": (b"a,b,c\r1,2,3\r4,5,6\r", "x.txt", "csv"),
    "prose": (b"Dear Sir,\nThank you for your request.\nWe hold 47 cameras.\n", "x.md", "text"),
    "bracketed prose": (b"[see note] Thank you for writing\n", "x.md", "text"),
    "pdf": (b"%PDF-1.7\n%abc", "x.csv", "pdf"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "x.xls", "xls"),
    "gzip": (gzip.compress(b"x"), "x.csv", "gzip"),
    "tar": (_tar(), "x", "tar"),
    "zip": (_zip(a_dot_csv=b"a,b"), "x", "zip"),
    "xlsx": (_zip(xl__workbook_dot_xml=b"<a/>"), "x.csv", "xlsx"),
    "docx": (_zip(word__document_dot_xml=b"<a/>"), "x", "docx"),
    "ods": (_zip(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "x", "ods"),
    "empty": (b"", "x.csv", "empty"),
    "blank": (b" \r\n ", "x.csv", "empty"),
    "image": (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "x.csv", "image"),
    "binary": (bytes(range(256)) * 8, "x.csv", "unknown"),
}


@pytest.mark.parametrize("case", CASES)
def test_family_is_judged_by_content(tmp_path: Path, case: str) -> None:
    raw, name, family = CASES[case]
    path = tmp_path / "stored"
    path.write_bytes(raw)
    assert sniff(path, name).family == family


def test_what_no_reader_takes_has_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"PK\x03\x04 this is no zip")
    assert "damaged" in sniff(path, "x.zip").reason
    path.write_bytes(b"")
    assert sniff(path, "x").reason


def test_an_xml_notice_with_a_title_is_no_html(tmp_path: Path) -> None:
    path = tmp_path / "x"
    for text, family in (
        ('<?xml version="1.0"?><TED_EXPORT><TITLE>CCTV</TITLE></TED_EXPORT>', "xml"),
        ('<TED_EXPORT xmlns="x"><TITLE>CCTV</TITLE></TED_EXPORT>', "xml"),
        ('<?xml version="1.0"?><html xmlns="x"><title>CCTV</title></html>', "html"),
        ("<div><table><tr><td>CCTV</td></tr></table></div>", "html"),
    ):
        path.write_text(text)
        assert sniff(path, "x").family == family
