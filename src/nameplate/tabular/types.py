"""Rows and sheets: all that the readers of tables hand on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple


class Row(NamedTuple):
    """One row as text. ``number`` is the first physical line, or the spreadsheet's row; from 1.

    Numbers from a spreadsheet are written in full (``1945``, ``6326.89``), days as
    ``2019-09-19``, moments as ``2019-09-19T10:30:00``.
    """

    number: int
    cells: list[str]


@dataclass(slots=True)
class Sheet:
    """One sheet; ``name`` is empty for a text file, which has only one."""

    name: str
    rows: Iterator[Row]


@dataclass(slots=True)
class TableInfo:
    """What was found out about a file before and while its rows were read.

    ``format`` is ``csv``, ``tsv``, ``xlsx``, ``xls`` or ``ods``; ``encoding`` a Python codec
    name, empty for spreadsheets; ``notes`` are sentences on what was mended.
    """

    format: str
    encoding: str = ""
    delimiter: str = ""
    notes: list[str] = field(default_factory=list)
