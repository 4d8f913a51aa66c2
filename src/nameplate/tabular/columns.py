"""Which column is which, by its header and by what stands in it.

The caller says what it looks for (:class:`Standard`): patterns for the header with a strength
each, and a test of the contents. A column must pass both; where the header cell is blank, a
strong content may stand alone. The header row itself is the row whose cells match most names,
wherever it stands under title rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from nameplate.tabular.types import Row

HEADER_DEPTH: Final = 100
"""Rows looked through for the header; the deepest seen in published files is row 16."""
_CONTENT_VALUES: Final = 100
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_OTHER: Final = re.compile(r"[^0-9a-z]+")


@dataclass(frozen=True)
class Standard:
    """One standard name and how to know its column.

    ``patterns``: (regular expression searched in the normalised header, strength 0-1); the
    strongest counts, and a strength below 0 forbids. ``content``: given up to 100 filled cells,
    the share 0-1 that fit. ``need``: the least share that will do. ``many``: several columns may
    have this name, strongest first. ``alone``: a column with a blank header may have it by
    content. ``word``: a header cell with this name says that a row is the header.
    """

    name: str
    patterns: tuple[tuple[str, float], ...]
    content: Callable[[Sequence[str]], float]
    need: float = 0.5
    many: bool = False
    alone: bool = False
    word: bool = True

    def strength(self, header: str) -> float:
        """How strongly a normalised header names this standard; 0 where it does not."""
        return _strength(self.patterns, header)


@dataclass(slots=True)
class Layout:
    """Where a sheet's header and columns are.

    ``header_index`` is the position in the rows given, None where there is no header row;
    ``columns`` standard name → column positions, strongest first; ``confidence`` 0-1 each.
    """

    header_index: int | None
    header_row: int | None
    header: list[str]
    columns: dict[str, tuple[int, ...]] = field(default_factory=dict)
    confidence: dict[str, float] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def first(self, name: str) -> int | None:
        """The strongest column of a standard name, or None."""
        found = self.columns.get(name)
        return found[0] if found else None

    def written(self) -> dict[str, str]:
        """Standard name → header as written (several joined by ``" | "``)."""
        return {
            name: " | ".join(self.label(position) for position in positions)
            for name, positions in self.columns.items()
        }

    def label(self, position: int) -> str:
        """The header of a column as written, or ``column N`` (from 1) where it has none."""
        text = self.header[position].strip() if position < len(self.header) else ""
        return " ".join(text.split()) or f"column {position + 1}"


@lru_cache(maxsize=4096)
def normalised(header: str) -> str:
    """Lower case, camel case parted, anything but letters and digits a single space."""
    return _OTHER.sub(" ", _CAMEL.sub(" ", header.strip()).lower()).strip()


@lru_cache(maxsize=256)
def _compiled(patterns: tuple[tuple[str, float], ...]) -> tuple[tuple[re.Pattern[str], float], ...]:
    return tuple((re.compile(pattern), strength) for pattern, strength in patterns)


@lru_cache(maxsize=16384)
def _strength(patterns: tuple[tuple[str, float], ...], header: str) -> float:
    best = 0.0
    for pattern, strength in _compiled(patterns):
        if pattern.search(header):
            if strength < 0:
                return 0.0
            best = max(best, strength)
    return best


def find_columns(
    rows: Sequence[Row],
    standards: Sequence[Standard],
    *,
    mapping: Mapping[str, str] | None = None,
) -> Layout:
    """Find the header row and the columns in a sheet's first ``rows`` (some hundred are enough).

    ``mapping`` (standard name → header as written) overrules what would be found; a header it
    names that the sheet does not have is noted and the column is found as usual.
    """
    index = _header_index(rows, standards, mapping or {})
    if index is None:
        layout = Layout(None, None, [])
        layout.notes.append("no header row found; columns taken by content alone")
    else:
        row = rows[index]
        layout = Layout(index, row.number, list(row.cells))
        layout.titles = [
            " ".join(" ".join(above.cells).split()) for above in rows[:index] if any(above.cells)
        ]
    body = rows[index + 1 :] if index is not None else rows
    _assign(layout, body, standards, mapping or {})
    return layout


def _header_index(
    rows: Sequence[Row], standards: Sequence[Standard], mapping: Mapping[str, str]
) -> int | None:
    told = {normalised(header) for header in mapping.values()}
    best: int | None = None
    best_score = 0.0
    for index, row in enumerate(rows[:HEADER_DEPTH]):
        names = {normalised(cell) for cell in row.cells if cell and len(cell) <= 80}
        score = sum(
            max((s.strength(name) for name in names), default=0.0) for s in standards if s.word
        )
        score += 2.0 * len(told & names)
        longer = sum(1 for cell in row.cells if len(cell) > 80)
        score -= longer
        if score > best_score + 1e-9 and len(names - {""}) >= 2:
            best, best_score = index, score
        if best is not None and best_score >= 2.5 and index - best >= 3:
            break
    return best if best_score >= 1.4 else None


def _values(rows: Sequence[Row], position: int) -> list[str]:
    found = []
    for row in rows:
        if position < len(row.cells):
            cell = row.cells[position].strip()
            if cell:
                found.append(cell)
                if len(found) >= _CONTENT_VALUES:
                    break
    return found


def _assign(
    layout: Layout,
    rows: Sequence[Row],
    standards: Sequence[Standard],
    mapping: Mapping[str, str],
) -> None:
    width = max((len(row.cells) for row in rows[:200]), default=0)
    width = max(width, len(layout.header))
    headers = [*map(normalised, layout.header), *[""] * (width - len(layout.header))]
    taken: set[int] = set()
    for standard in standards:
        told = mapping.get(standard.name)
        if told is None:
            continue
        if normalised(told) in headers:
            position = headers.index(normalised(told))
            taken.add(position)
            layout.columns[standard.name] = (position,)
            layout.confidence[standard.name] = 1.0
        else:
            layout.notes.append(
                f"the mapping's {standard.name} column {told!r} is not in this file"
            )
    values: dict[int, list[str]] = {}
    offers: list[tuple[float, int, int, Standard]] = []
    for rank, standard in enumerate(standards):
        if standard.name in layout.columns:
            continue
        for position, header in enumerate(headers):
            strength = standard.strength(header) if header else 0.0
            if not strength and not (standard.alone and not header):
                continue
            cells = values.setdefault(position, _values(rows, position))
            if not cells and rows:
                continue
            share = standard.content(cells) if cells else 1.0
            if strength and share >= standard.need:
                offers.append((strength * (0.4 + 0.6 * share), rank, position, standard))
            elif not strength and share >= 0.9:
                offers.append((0.3 * share, rank, position, standard))
    offers.sort(key=lambda offer: (-offer[0], offer[1], offer[2]))
    for score, _, position, standard in offers:
        if position in taken or (standard.name in layout.columns and not standard.many):
            continue
        taken.add(position)
        layout.columns[standard.name] = (*layout.columns.get(standard.name, ()), position)
        layout.confidence.setdefault(standard.name, round(min(score, 1.0), 2))
    layout.columns = {s.name: layout.columns[s.name] for s in standards if s.name in layout.columns}
