"""Passages a second, and megabytes of PDF text a second: python benchmarks/bench_documents.py

The peers: for PDF, pypdfium2 called in this process without a child; for passages, the finder of
names alone, so that the ratio is what roles, counts, money, dates, suppliers and answers cost.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pikepdf

from nameplate.catalogue.store import load
from nameplate.documents.reading import open_document
from nameplate.tracing.extract.reading import Passage, read_passage
from nameplate.tracing.mentions import find_mentions

ANSWER = (
    "We can confirm that the Council operates 212 cameras. 140 of these are Hikvision and 60 are "
    "Axis; the remaining 12 were made by Pelco and will be replaced by March 2026. They were "
    "installed by Fellside Alarms Ltd between 2015 and 2018 at a cost of £48,200."
)
PAGES = 400
LINES = 45


def timed(work: Callable[[], int], rounds: int = 3) -> tuple[float, int]:
    best, amount = float("inf"), 0
    for _ in range(rounds):
        start = time.perf_counter()
        amount = work()
        best = min(best, time.perf_counter() - start)
    return best, amount


def made_pdf(path: Path) -> None:
    with pikepdf.new() as made:
        font = made.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
        )
        line = ANSWER[:90].replace("(", "").replace(")", "")
        for number in range(PAGES):
            made.add_blank_page(page_size=(595, 842))
            page = made.pages[-1]
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            rows = "".join(f"({number} {line}) Tj T* " for _ in range(LINES))
            page.Contents = made.make_stream(f"BT /F1 10 Tf 14 TL 40 800 Td {rows} ET".encode())
        made.save(path)


def passages() -> None:
    catalogue = load()
    texts = [ANSWER.replace("212", str(200 + n)) for n in range(400)]
    find_mentions(ANSWER, catalogue)

    def whole() -> int:
        for text in texts:
            read_passage(Passage(text=text, kind="foi_response", body="Anyborough"), catalogue)
        return len(texts)

    def names() -> int:
        for text in texts:
            find_mentions(text, catalogue)
        return len(texts)

    ours, count = timed(whole)
    peer, _ = timed(names)
    print(f"passages: {count / ours:,.0f} a second; names alone {count / peer:,.0f} a second")
    print(f"  ratio, whole reading to names alone: {ours / peer:.1f}")


def pdf(folder: Path) -> None:
    path = folder / "bench.pdf"
    made_pdf(path)

    def ours_work() -> int:
        return sum(len(p.text) for p in open_document(path).passages)

    def peer_work() -> int:
        import pypdfium2

        document = pypdfium2.PdfDocument(path)
        return sum(len(page.get_textpage().get_text_range()) for page in document)

    ours, size = timed(ours_work)
    peer, peer_size = timed(peer_work)
    print(f"pdf: {size / ours / 1e6:.1f} MB of text a second in a child process ({PAGES} pages)")
    print(f"  pypdfium2 in this process {peer_size / peer / 1e6:.1f}; ratio {ours / peer:.2f}")


def html(folder: Path) -> None:
    path = folder / "bench.html"
    path.write_text("<html><body>" + f"<p>{ANSWER}</p>\n" * 60_000 + "</body></html>")

    def work() -> int:
        return sum(len(p.text) for p in open_document(path).passages)

    def peer_work() -> int:
        from lxml import html as lxml_html

        return len(lxml_html.parse(str(path)).getroot().text_content())

    ours, _ = timed(work, 1)
    peer, _ = timed(peer_work, 1)
    size = path.stat().st_size / 1e6
    print(f"html: {size / ours:.1f} MB a second, streamed ({size:.0f} MB)")
    print(f"  lxml with a whole tree {size / peer:.1f}; ratio {ours / peer:.2f}")


if __name__ == "__main__":
    passages()
    with tempfile.TemporaryDirectory() as name:
        pdf(Path(name))
        html(Path(name))
