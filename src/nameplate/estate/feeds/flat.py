"""Feeds without products: CISA's known exploited vulnerabilities (KEV) and FIRST's EPSS."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any, Final

from nameplate.estate.feeds.base import day, dicts, text, vendor_key
from nameplate.estate.vulns.schema import Affected, Known
from nameplate.model.errors import InputError

_KEV: Final = "CISA KEV"
_CVE: Final = re.compile(r"^CVE-\d{4}-\d{4,}$")
_SCORED: Final = re.compile(r"score_date:(\d{4}-\d{2}-\d{2})")


def is_kev(document: object) -> bool:
    """Whether a JSON document is the KEV catalogue."""
    return isinstance(document, dict) and "catalogVersion" in document


def read_kev(document: dict[str, Any]) -> Iterator[Known]:
    """Records of entries whose vendor is a known maker; the feed's date is its own.

    The catalogue names vendor and product loosely and no versions: where another source names
    models these decide, so that an entry itself says ``unknown`` of a model.
    """
    released = day(document.get("dateReleased"))
    for item in dicts(document.get("vulnerabilities")):
        cve = text(item.get("cveID"))
        vendor = vendor_key(text(item.get("vendorProject")))
        if not _CVE.match(cve) or not vendor:
            continue
        product = text(item.get("product"))
        named = (product,) if any(c.isdigit() for c in product) else ("*",)
        yield Known(
            cve=cve,
            source=_KEV,
            title=text(item.get("vulnerabilityName")),
            published=day(item.get("dateAdded")) or released,
            affected=(Affected(source=_KEV, vendor=vendor, products=named),),
            kev_added=day(item.get("dateAdded")),
            kev_due=day(item.get("dueDate")),
            url="https://www.cisa.gov/known-exploited-vulnerabilities-catalog",
        )


def read_epss(path: Path, name: str, wanted: Container[str] | None = None) -> Iterator[Known]:
    """Scores of one day (CSV, also gzipped); only of ``wanted`` vulnerabilities where given.

    Raises InputError where the columns ``cve`` and ``epss`` are missing.
    """
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", errors="replace", newline="") as stream:
        first = stream.readline(4096)
        found = _SCORED.search(first)
        scored = found[1] if found else ""
        header = stream.readline(4096) if first.startswith("#") else first
        columns = [c.strip().lower() for c in header.split(",")]
        if "cve" not in columns or "epss" not in columns:
            raise InputError(
                "has no columns cve and epss", where=name, do="use FIRST's daily EPSS file"
            )
        at, score_at = columns.index("cve"), columns.index("epss")
        for row in csv.reader(stream):
            if len(row) <= max(at, score_at) or not _CVE.match(row[at]):
                continue
            if wanted is not None and row[at] not in wanted:
                continue
            try:
                score = float(row[score_at])
            except ValueError:
                continue
            if 0.0 <= score <= 1.0:
                yield Known(
                    cve=row[at],
                    source="EPSS",
                    published=scored,
                    epss=score,
                    epss_day=scored,
                    url=f"https://api.first.org/data/v1/epss?cve={row[at]}",
                )
