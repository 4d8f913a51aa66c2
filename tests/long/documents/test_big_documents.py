"""Big documents: bounded memory, bounded time, one sentence."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pikepdf
import pytest

from nameplate.documents.reading import open_document

pytestmark = pytest.mark.long

READ = """
import resource, sys
from pathlib import Path
from nameplate.documents.reading import open_document
document = open_document(Path(sys.argv[1]))
size = sum(len(p.text) for p in document.passages)
print(size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, document.failure)
"""


def test_200_mb_of_html_in_flat_memory(tmp_path: Path) -> None:
    path = tmp_path / "big.html"
    block = "<p>The council has 47 Hikvision cameras.</p>\n" * 20_000
    with path.open("w") as stream:
        stream.write("<html><body>")
        while stream.tell() < 200 << 20:
            stream.write(block)
        stream.write("</body></html>")
    start = time.monotonic()
    said = subprocess.run(
        [sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True
    ).stdout.split()
    assert int(said[0]) > 100 << 20
    assert int(said[1]) < 400, f"{said[1]} MB at most"
    assert time.monotonic() - start < 240


def test_html_that_is_one_tag_or_one_run_of_text(tmp_path: Path) -> None:
    for name, text in (("a.html", "<div>" * 2_000_000), ("b.html", "<p>" + "a" * 40_000_000)):
        path = tmp_path / name
        path.write_text(text)
        said = subprocess.run(
            [sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True
        ).stdout.split()
        assert int(said[1]) < 1_500, f"{said[1]} MB for {name}"


def test_2000_pages_of_pdf(tmp_path: Path) -> None:
    path = tmp_path / "big.pdf"
    with pikepdf.new() as made:
        font = made.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
        )
        for number in range(1, 2001):
            made.add_blank_page(page_size=(595, 842))
            page = made.pages[-1]
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            page.Contents = made.make_stream(
                f"BT /F1 12 Tf 50 800 Td (Page {number}) Tj ET".encode()
            )
        made.save(path)
    parts = list(open_document(path).passages)
    assert len(parts) == 2000
    assert (parts[-1].text.strip(), parts[-1].locator) == ("Page 2000", "page:2000")
