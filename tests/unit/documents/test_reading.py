from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pikepdf
import pytest

from nameplate.documents.model import Document
from nameplate.documents.reading import open_document, read_paths
from nameplate.documents.store import keep_original, original_path, sha256_of
from nameplate.model.errors import StoreError, UsageError

SENTENCE = "The Council has 47 Hikvision cameras."


def words(document: Document) -> str:
    assert document.failure == ""
    return "\n".join(p.text for p in document.passages)


def pdf(path: Path, pages: list[str], **save: object) -> Path:
    with pikepdf.new() as made:
        font = made.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
        )
        for text in pages:
            made.add_blank_page(page_size=(595, 842))
            page = made.pages[-1]
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            if text:
                stream = f"BT /F1 12 Tf 50 800 Td ({text}) Tj ET".encode()
                page.Contents = made.make_stream(stream)
        made.save(path, **save)
    return path


def test_pdf_pages_are_locators(tmp_path: Path) -> None:
    document = open_document(pdf(tmp_path / "a.pdf", ["First page.", SENTENCE]))
    parts = list(document.passages)
    assert [(p.text.strip(), p.locator) for p in parts] == [
        ("First page.", "page:1"),
        (SENTENCE, "page:2"),
    ]


def test_encrypted_pdf_is_one_sentence(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", ["x"], encryption=pikepdf.Encryption(user="u", owner="o"))
    document = open_document(path)
    assert document.failure.startswith("a.pdf: the PDF is encrypted")


def test_scan_is_not_readable_never_nothing_found(tmp_path: Path) -> None:
    document = open_document(pdf(tmp_path / "a.pdf", ["", ""]))
    assert "not readable" in document.failure
    assert "2 pages" in document.failure


def test_pages_without_text_are_said(tmp_path: Path) -> None:
    document = open_document(pdf(tmp_path / "a.pdf", ["One.", ""]))
    assert words(document).strip() == "One."
    assert any("1 of 2 pages have no text layer" in n for n in document.notes)


def test_malformed_pdf(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7\n1 0 obj << /Type /Catalog")
    assert "malformed" in open_document(path).failure


def test_scripts_and_attachments_are_said_and_left_alone(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", [SENTENCE])
    with pikepdf.open(path, allow_overwriting_input=True) as made:
        action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        made.Root.Names = pikepdf.Dictionary(
            JavaScript=pikepdf.Dictionary(Names=pikepdf.Array([pikepdf.String("a"), action]))
        )
        made.attachments["b.txt"] = b"Dahua"
        made.save(path)
    document = open_document(path)
    assert "Dahua" not in words(document)
    assert any("attached files" in n for n in document.notes)
    assert any("scripts" in n for n in document.notes)


def docx(path: Path, body: str, *, more: dict[str, bytes] | None = None, head: str = "") -> Path:
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml",
            f'<?xml version="1.0"?>{head}<w:document xmlns:w="{namespace}"><w:body>{body}'
            "</w:body></w:document>",
        )
        for name, data in (more or {}).items():
            archive.writestr(name, data)
    return path


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_docx_with_table_and_macros(tmp_path: Path) -> None:
    cells = "".join(f"<w:tc>{paragraph(t)}</w:tc>" for t in ("Hikvision", "47"))
    path = docx(
        tmp_path / "a.docx",
        f"{paragraph(SENTENCE)}<w:tbl><w:tr>{cells}</w:tr></w:tbl>",
        more={"word/vbaProject.bin": b"\x00"},
    )
    document = open_document(path)
    assert words(document).splitlines() == [SENTENCE, "", "Hikvision | 47"]
    assert any("macros" in n for n in document.notes)


def test_deleted_text_of_tracked_changes_is_no_text(tmp_path: Path) -> None:
    gone = "<w:p><w:del><w:r><w:t>Dahua</w:t></w:r></w:del><w:r><w:t>Axis</w:t></w:r></w:p>"
    assert words(open_document(docx(tmp_path / "a.docx", gone))) == "Axis"


def test_docx_with_external_entities_is_refused(tmp_path: Path) -> None:
    head = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    path = docx(tmp_path / "a.docx", paragraph("&e;"), head=head)
    assert "entities" in open_document(path).failure


def test_docx_bomb_is_refused(tmp_path: Path) -> None:
    path = docx(tmp_path / "a.docx", paragraph("a" * 30_000_000))
    assert "unpacks to far too much" in open_document(path).failure


def test_odt(tmp_path: Path) -> None:
    from odf.opendocument import OpenDocumentText
    from odf.text import P

    made = OpenDocumentText()
    made.text.addElement(P(text=SENTENCE))
    made.save(str(tmp_path / "a.odt"))
    assert words(open_document(tmp_path / "a.odt")) == SENTENCE


def test_eml_reads_its_text_and_its_attachments(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "foi@example.org", "FOI 12"
    message.set_content(SENTENCE)
    buffer = io.BytesIO(docx(tmp_path / "x.docx", paragraph("Dahua: none.")).read_bytes())
    message.add_attachment(buffer.read(), maintype="application", subtype="x", filename="list.docx")
    message.add_attachment(b"\x89PNG\r\n", maintype="image", subtype="png", filename="logo.png")
    path = tmp_path / "a.eml"
    path.write_bytes(bytes(message))
    document = open_document(path)
    text = words(document)
    assert SENTENCE in text
    assert "Dahua: none." in text
    assert any("logo.png" in n and "picture" in n for n in document.notes)


def test_html_drops_scripts_and_keeps_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "<html><head><title>FOI 9</title><script>var a='Dahua'</script></head><body><p>We have "
        "47&nbsp;Hikvision<br>cameras.</p><table><tr><td>Axis</td><td>3</td></tr></table></body>"
    )
    document = open_document(path)
    (part,) = list(document.passages)
    assert part.text == "We have 47 Hikvision\ncameras.\n\nAxis | 3"
    assert part.title == "FOI 9"


def test_json_lines_set_a_bad_line_aside(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "1", "text": "One."}\n{"id": 2}\n{"id": "3", "text": "Three."}\n')
    document = open_document(path)
    assert [p.id for p in document.passages] == ["1", "3"]
    assert any("line 2" in n for n in document.notes)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0old", "old Word"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"PK\x03\x04broken", "archive"),
        (b"{\\rtf1 x}", "RTF"),
    ],
)
def test_what_is_not_read_says_so(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(content)
    failure = open_document(path).failure
    assert says in failure
    assert failure.count("\n") == 0


def test_code_pages(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Cost £40 – Hikvision".encode("cp1252"))
    (tmp_path / "b.txt").write_bytes("Cost £40 – Hikvision".encode("utf-16"))
    texts = [words(d) for d in read_paths([tmp_path])]
    assert texts == ["Cost £40 – Hikvision"] * 2


def test_missing_path() -> None:
    with pytest.raises(UsageError, match="no such file"):
        list(read_paths([Path("not-there.txt")]))


def test_originals_are_kept_by_hash(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(SENTENCE)
    place = keep_original(path, tmp_path / "originals")
    assert place == original_path(tmp_path / "originals", sha256_of(path))
    assert place.read_text() == SENTENCE
    assert keep_original(path, tmp_path / "originals") == place
    place.write_text("altered")
    with pytest.raises(StoreError, match="altered"):
        keep_original(path, tmp_path / "originals")
