"""Which lists can be imported, from which forms, on what basis, and how long they may be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from nameplate.catalogue.watchlists import csl_json, ofac, opensanctions, own, uk, us_tables
from nameplate.catalogue.watchlists.entry import ListEntry, Reading
from nameplate.model.errors import InputError, UsageError

Read = Callable[[Path, Reading, int], Iterator[ListEntry]]

MB: Final = 1024 * 1024
REAL = "real sample"
DOCUMENTED = "from documentation"


class Form(msgspec.Struct, frozen=True):
    """One form of a list: file endings, reader, and whether a real file was read with it."""

    suffixes: tuple[str, ...]
    read: Read
    basis: str
    title: str


class ListSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A list that can be imported.

    ``least`` and ``most`` are the entries that it can have: fewer or more is the wrong file.
    ``most`` is a hundred times less than what "a hundred times too long" would be. ``max_bytes``
    bounds what is read at all.
    """

    key: str
    title: str
    forms: tuple[Form, ...]
    least: int
    most: int
    max_bytes: int = 64 * MB
    publisher: str = ""


SPECS: Final[tuple[ListSpec, ...]] = (
    ListSpec(
        key="us-dod-1260h",
        title="DoD section 1260H lists, with dates (OpenSanctions' curated CSV)",
        publisher="US Department of Defense",
        forms=(Form((".csv",), us_tables.read_dod, REAL, "CSV"),),
        least=50,
        most=4_000,
        max_bytes=4 * MB,
    ),
    ListSpec(
        key="us-889",
        title="NDAA section 889 (OpenSanctions' curated CSV)",
        publisher="United States Congress",
        forms=(Form((".csv",), us_tables.read_section_889, REAL, "CSV"),),
        least=5,
        most=50,
        max_bytes=1 * MB,
    ),
    ListSpec(
        key="us-fcc-covered",
        title="FCC Covered List (CSV)",
        publisher="Federal Communications Commission",
        forms=(Form((".csv",), us_tables.read_fcc, REAL, "CSV"),),
        least=5,
        most=200,
        max_bytes=1 * MB,
    ),
    ListSpec(
        key="us-denied-persons",
        title="BIS Denied Persons List (dpl.txt)",
        publisher="Bureau of Industry and Security",
        forms=(Form((".txt", ".tsv"), us_tables.read_denied_persons, REAL, "tab-separated text"),),
        least=100,
        most=5_000,
        max_bytes=8 * MB,
    ),
    ListSpec(
        key="us-csl",
        title="US Consolidated Screening List",
        publisher="International Trade Administration",
        forms=(
            Form((".csv",), us_tables.read_csl_csv, REAL, "CSV"),
            Form((".json",), csl_json.read_csl_json, DOCUMENTED, "JSON"),
        ),
        least=50,
        most=150_000,
        max_bytes=256 * MB,
    ),
    ListSpec(
        key="us-ofac-consolidated",
        title="OFAC consolidated (non-SDN) lists",
        publisher="Office of Foreign Assets Control",
        forms=(
            Form((".csv",), ofac.read_csv_set, REAL, "CSV set: cons_prim, cons_add, cons_alt"),
            Form((".xml",), ofac.read_xml, DOCUMENTED, "XML"),
        ),
        least=100,
        most=10_000,
        max_bytes=64 * MB,
    ),
    ListSpec(
        key="us-ofac-sdn",
        title="OFAC Specially Designated Nationals list",
        publisher="Office of Foreign Assets Control",
        forms=(
            Form((".csv",), ofac.read_csv_set, DOCUMENTED, "CSV set: sdn, add, alt"),
            Form((".xml",), ofac.read_xml, DOCUMENTED, "XML"),
        ),
        least=1_000,
        most=100_000,
        max_bytes=256 * MB,
    ),
    ListSpec(
        key="uk-sanctions",
        title="UK Sanctions List",
        publisher="Foreign, Commonwealth and Development Office",
        forms=(
            Form((".csv", ".ods", ".xlsx"), uk.read_sanctions_table, DOCUMENTED, "CSV or ODS"),
            Form((".xml",), uk.read_sanctions_xml, DOCUMENTED, "XML"),
        ),
        least=500,
        most=50_000,
        max_bytes=256 * MB,
    ),
    ListSpec(
        key="uk-debarment",
        title="UK debarment list (Procurement Act 2023)",
        publisher="Cabinet Office",
        forms=(Form((".csv", ".ods", ".xlsx"), uk.read_debarment, DOCUMENTED, "CSV or ODS"),),
        least=1,
        most=2_000,
        max_bytes=8 * MB,
    ),
    ListSpec(
        key="opensanctions",
        title="OpenSanctions entities (one dataset or a collection)",
        publisher="OpenSanctions",
        forms=(
            Form((".json", ".jsonl", ".ftm"), opensanctions.read_ftm, DOCUMENTED, "FtM JSON lines"),
            Form((".csv",), opensanctions.read_simple, DOCUMENTED, "targets.simple.csv"),
        ),
        least=1,
        most=3_000_000,
        max_bytes=8 * 1024 * MB,
    ),
)
"""All lists with a reader of their own; ``own-NAME`` is a body's own list beside them."""

OWN: Final = ListSpec(
    key="own",
    title="a body's own list",
    forms=(Form((".csv",), own.read_own, DOCUMENTED, "CSV with the columns of this page"),),
    least=1,
    most=50_000,
    max_bytes=32 * MB,
)


def spec(key: str) -> ListSpec:
    """The list of that key; raises UsageError, naming all, where there is none."""
    for item in SPECS:
        if item.key == key:
            return item
    if re.fullmatch(r"own-[a-z0-9][a-z0-9-]{0,40}", key):
        return msgspec.structs.replace(OWN, key=key)
    known = ", ".join(item.key for item in SPECS)
    raise UsageError(f"there is no list {key!r}", do=f"choose of {known}, or own-NAME")


def form(item: ListSpec, path: Path) -> Form:
    """The form that reads ``path``, by its ending; raises InputError where none does."""
    for one in item.forms:
        if path.suffix.lower() in one.suffixes:
            return one
    endings = ", ".join(end for one in item.forms for end in one.suffixes)
    raise InputError(
        f"a file ending in {path.suffix or 'nothing'!r} is no form of {item.key}",
        where=path.name,
        do=f"give one ending in {endings}",
    )


def files(item: ListSpec, path: Path) -> dict[str, Path]:
    """Every file that an import reads: role → path (``main``, and OFAC's ``add`` and ``alt``)."""
    beside = ofac.siblings(path) if form(item, path).read is ofac.read_csv_set else {}
    return {"main": path, **beside}
