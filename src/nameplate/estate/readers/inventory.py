"""Asset registers as they come: CSV, TSV, XLSX, XLS and ODS, columns found by name and content.

Hikvision SADP's export and the configuration tools of other makers are tables of this kind.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from nameplate.estate.mac import normalise_mac
from nameplate.estate.names import find_names
from nameplate.estate.readers.base import Original, reading, sighting
from nameplate.model.device import Field, Reading, Sighting
from nameplate.model.errors import InputError, NameplateError
from nameplate.tabular import Layout, Row, Standard, find_columns, open_table
from nameplate.tabular.table import row_locator

_LOOK_AHEAD: Final = 400
_ADDRESS: Final = re.compile(r"^\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?$|^[0-9a-f:]*::?[0-9a-f:]+$", re.I)
_VERSION: Final = re.compile(r"\d+\.\d+|build", re.IGNORECASE)
_BLANK: Final = frozenset(
    {"", "-", "--", "n/a", "na", "none", "null", "unknown", "tbc", "tba", "?", "not known", "nil"}
)


def _share(test: Callable[[str], object]) -> Callable[[Sequence[str]], float]:
    def content(cells: Sequence[str]) -> float:
        filled = [c for c in cells if c.strip().lower() not in _BLANK]
        return sum(1 for c in filled if test(c)) / len(filled) if filled else 1.0

    return content


def _anything(_: Sequence[str]) -> float:
    return 1.0


def _short(text: str) -> bool:
    return len(text) <= 120


def _standard(
    field: Field,
    *patterns: tuple[str, float],
    content: Callable[[Sequence[str]], float] = _anything,
    need: float = 0.5,
    alone: bool = False,
) -> Standard:
    return Standard(field.value, patterns, content, need=need, alone=alone)


STANDARDS: Final[tuple[Standard, ...]] = (
    _standard(
        Field.MAC,
        (r"\bmac\b", 1.0),
        (r"\b(?:physical|hardware|ethernet) address\b", 0.9),
        content=_share(normalise_mac),
        need=0.5,
        alone=True,
    ),
    _standard(
        Field.ADDRESS,
        (r"\b(?:gateway|dns|subnet|mask|server)\b", -1.0),
        (r"\bip(?:v4|v6)?\b", 1.0),
        (r"\bnetwork address\b", 0.8),
        (r"^address$", 0.4),
        (r"^host$", 0.4),
        content=_share(_ADDRESS.match),
        need=0.5,
        alone=True,
    ),
    _standard(
        Field.SERIAL,
        (r"\bserial\b", 1.0),
        (r"^s n$|^sn$|\bs no$", 0.9),
        content=_share(_short),
    ),
    _standard(
        Field.FIRMWARE,
        (r"\bfirmware\b", 1.0),
        (r"\b(?:software|os) ver", 0.9),
        (r"^(?:version|sw version|fw|fw ver.*|main version)$", 0.8),
        content=_share(_VERSION.search),
        need=0.3,
    ),
    _standard(
        Field.MANUFACTURER,
        (r"\bmanufacturer\b|\bmanufactured by\b|\bvendor\b|\boem\b", 1.0),
        (r"^(?:make|brand|maker|camera make|camera brand|device make|device brand)$", 1.0),
        (r"\b(?:make|brand)\b(?! and)", 0.6),
        content=_share(lambda c: find_names(c, whole=True) or len(c) <= 60),
    ),
    _standard(
        Field.MODEL,
        (r"\bmodel\b", 1.0),
        (r"\bmake and model\b|\bmake model\b", 1.0),
        (r"\bpart (?:no|number|code)\b|\bproduct(?: code| no| number| name)?$", 0.7),
        (r"^device type$|^camera type$|^equipment$|^item$|^asset description$|^description$", 0.4),
        content=_share(_short),
    ),
    _standard(
        Field.SITE,
        (r"^site\b|\bsite name\b|\bsite$|\bpremises\b|\bbuilding\b|\bfacility\b", 1.0),
    ),
    _standard(
        Field.LOCATION,
        (r"\blocation\b|\bposition\b|\broom\b|\bstreet\b|\bplace\b|\bsited at\b", 1.0),
    ),
    _standard(
        Field.NAME,
        (r"^(?:camera|device|asset|channel)? ?(?:name|id|ref|reference|no|number|tag)$", 0.8),
        (r"^(?:camera|device|asset)$", 0.6),
    ),
    _standard(Field.HOSTNAME, (r"\bhost ?name\b|\bfqdn\b|\bdns name\b", 1.0)),
    _standard(
        Field.INSTALLED,
        (r"\binstall(?:ed|ation)?\b|\bcommission", 1.0),
        (r"\bpurchase(?:d)? date\b|\bdate (?:of )?purchase", 1.0),
    ),
    _standard(Field.SUPPLIER, (r"\bsupplier\b|\binstaller\b|\bcontractor\b|\bmaintainer\b", 1.0)),
    _standard(Field.EXPOSURE, (r"\binternet\b|\bexposure\b|\bexposed\b|\breachable\b", 1.0)),
    _standard(Field.BODY, (r"^(?:council|authority|organisation|organization|body|owner)$", 1.0)),
    _standard(Field.QUANTITY, (r"^(?:qty|quantity|count|no of (?:cameras|units|devices))$", 1.0)),
    _standard(Field.OBSERVED, (r"\blast seen\b|\bseen on\b|\bscan(?:ned)? (?:date|time)\b", 1.0)),
)  # fmt: skip
"""Standard columns; the normalised header is lower case with only letters, digits and blanks."""

_TELLING: Final = (Field.MAC, Field.SERIAL, Field.MODEL, Field.MANUFACTURER, Field.ADDRESS)


def read(original: Original, problem: Callable[[str, str], None]) -> Iterator[Sighting]:
    """One device of each row of every sheet that has a column for one.

    Raises InputError where no sheet has; rows without a value in any known column are passed
    over when blank and told to ``problem`` otherwise.
    """
    table = open_table(original.path)
    any_sheet = False
    for sheet in table.sheets():
        rows = iter(sheet.rows)
        head = list(itertools.islice(rows, _LOOK_AHEAD))
        layout = find_columns(head, STANDARDS)
        if not any(field.value in layout.columns for field in _TELLING):
            for _ in rows:
                pass
            continue
        any_sheet = True
        start = 0 if layout.header_index is None else layout.header_index + 1
        body = itertools.chain(head[start:], rows)
        yield from rows_as_sightings(original, sheet.name, layout, body, problem)
    if not any_sheet:
        raise InputError(
            "has no column for a model, manufacturer, serial number, hardware or network address",
            where=original.name,
            do="name the columns in the first row",
        )


def rows_as_sightings(
    original: Original,
    sheet: str,
    layout: Layout,
    rows: Iterable[Row],
    problem: Callable[[str, str], None],
) -> Iterator[Sighting]:
    """Sightings of table rows whose columns are known; a row that fails is told and passed."""
    places = [
        (Field(name), positions[0]) for name, positions in layout.columns.items() if positions
    ]
    for row in rows:
        locator = row_locator(sheet, row.number)
        try:
            found: list[Reading] = []
            for field, position in places:
                if position < len(row.cells):
                    value = row.cells[position]
                    if value and value.strip().lower() not in _BLANK:
                        found += reading(field, value, locator)
            if found:
                observed = next((r.value for r in found if r.field is Field.OBSERVED), "")
                kept = [r for r in found if r.field is not Field.OBSERVED]
                yield sighting(original, "inventory", locator, kept, observed)
            elif any(cell.strip() for cell in row.cells):
                problem(
                    original.name,
                    f"{original.name} {locator}: the row has no value in any known column.",
                )
        except NameplateError as error:
            problem(original.name, str(error))
