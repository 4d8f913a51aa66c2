"""Locators: where in an original something stands, as one short readable string.

Forms: ``line:12`` (physical line, from 1), ``bytes:100-250`` (half open), ``sheet:Name!row:7``
(row from 1 as a spreadsheet shows it), ``page:3``, ``/releases/0/awards/1`` (JSON pointer), and
several joined by a space where one needs the other (``line:12 /awards/0``).
"""

from __future__ import annotations


def line(number: int) -> str:
    """Locator of a physical line, counted from 1."""
    return f"line:{number}"


def byte_range(start: int, end: int) -> str:
    """Locator of bytes ``start`` (included) to ``end`` (excluded)."""
    return f"bytes:{start}-{end}"


def sheet_row(sheet: str, row: int) -> str:
    """Locator of a spreadsheet row, counted from 1."""
    return f"sheet:{sheet}!row:{row}"


def page(number: int) -> str:
    """Locator of a page, counted from 1."""
    return f"page:{number}"
