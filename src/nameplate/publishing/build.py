"""Building a publication: made aside, searched, then renamed into place. All or nothing."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from nameplate.catalogue.store import Catalogue
from nameplate.model.errors import StoreError
from nameplate.publishing.data.ftm import write_ftm
from nameplate.publishing.data.ocds import write_ocds
from nameplate.publishing.data.plain import LICENCE, write_all
from nameplate.publishing.edition import Edition, Options, make_edition
from nameplate.publishing.scan import check_site
from nameplate.publishing.site.pages import Site


def publish(options: Options, out: Path, catalogue: Catalogue | None = None) -> dict[str, Any]:
    """Build the edition into ``out``, which must not exist or be an edition; returns counts.

    Raises GateError where a firm has not had its say, and StoreError where a private value would
    be published or ``out`` is something else. ``out`` is only touched when all is well.
    """
    if out.exists() and any(out.iterdir()) and not (out / "edition.json").is_file():
        raise StoreError(
            "this folder is no edition and is not empty", where=str(out), do="choose another --out"
        )
    edition = make_edition(options, catalogue)
    aside = out.with_name(f"{out.name}.part")
    if aside.exists():
        shutil.rmtree(aside)
    try:
        aside.mkdir(parents=True)
        _write(aside, edition)
        files = check_site(aside, edition.private, options.contact)
        _checksums(aside)
        _swap(aside, out)
    finally:
        if aside.exists():
            shutil.rmtree(aside)
    return {
        "edition": edition.about["name"],
        "day": edition.day,
        "data_sha256": edition.about["data_sha256"],
        "files": files + 1,
        "rows": edition.about["rows"],
        "named": [row["party"] for row in edition.tables["parties"]],
        "corrections": len(edition.changes),
    }


def _write(aside: Path, edition: Edition) -> None:
    data = aside / "data"
    data.mkdir()
    write_all(data, edition)
    write_ftm(data / "followthemoney.jsonl", edition)
    write_ocds(data / "ocds", edition)
    Site(aside, edition).write()
    _text(aside / "edition.json", _json(edition.about))
    _text(aside / "method.json", _json(edition.method))
    _text(aside / "corrections.json", _json(feed(edition)))
    _text(aside / "CITATION.cff", citation(edition))
    _text(
        aside / "LICENCE.txt",
        f"Data and text of this edition: {LICENCE['title']}\n{LICENCE['path']}\n"
        "Records it cites keep the licence of their publishers.\n",
    )


def feed(edition: Edition) -> dict[str, Any]:
    """Corrections as a feed with stable ids, newest edition first."""
    return {
        "title": f"Corrections: {edition.about['name']}",
        "updated": f"{edition.day}T00:00:00Z",
        "items": edition.changes,
    }


def citation(edition: Edition) -> str:
    """A citation file (CFF 1.2.0) that names the edition by the hash of its data."""
    about = edition.about
    return (
        "cff-version: 1.2.0\nmessage: Please cite this edition by its name and hash.\n"
        f"type: dataset\ntitle: {json.dumps(about['name'], ensure_ascii=False)}\n"
        f"version: {about['data_sha256'][:16]}\ndate-released: '{about['day']}'\n"
        "authors:\n  - name: the publisher of this edition, with Nameplate\n"
        f"license: {LICENCE['name']}\n"
    )


def _checksums(aside: Path) -> None:
    lines = []
    for path in sorted(aside.rglob("*")):
        if path.is_file():
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            lines.append(f"{digest}  {path.relative_to(aside).as_posix()}\n")
    _text(aside / "SHA256SUMS", "".join(lines))


def _swap(aside: Path, out: Path) -> None:
    """Put the new edition in the place of the old by two renames; the old one goes last."""
    old = out.with_name(f"{out.name}.old")
    if old.exists():
        shutil.rmtree(old)
    if out.exists():
        out.replace(old)
    aside.replace(out)
    if old.exists():
        shutil.rmtree(old)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
