"""Charts as SVG drawn here: told apart by pattern and label, so they read in black and white."""

from __future__ import annotations

from decimal import Decimal
from html import escape
from typing import Final

GRADES: Final = ("stated", "observed", "named", "open")
_PATTERNS: Final = {
    "stated": '<rect width="8" height="8" fill="#1d3557"/>',
    "observed": '<rect width="8" height="8" fill="#fff"/><path d="M0 8L8 0" stroke="#1d3557" '
    'stroke-width="3"/>',
    "named": '<rect width="8" height="8" fill="#fff"/><circle cx="4" cy="4" r="2" fill="#1d3557"/>',
    "open": '<rect width="8" height="8" fill="#fff"/>',
}
_WIDTH: Final = 720
_LEFT: Final = 150
_ROW: Final = 34
_MOST: Final = 15


def bars(
    rows: list[tuple[str, dict[str, Decimal]]], label: str, prefix: str, sign: str = "£"
) -> str:
    """Stacked bars, one a row, by grade; the largest fifteen. ``prefix`` keeps ids apart."""
    shown = rows[:_MOST]
    most = max((sum(parts.values(), Decimal(0)) for _, parts in shown), default=Decimal(0))
    height = _ROW * len(shown) + 44
    out = [_head(height, label, prefix)]
    for grade, drawing in _PATTERNS.items():
        out.append(
            f'<pattern id="{prefix}-{grade}" width="8" height="8" '
            f'patternUnits="userSpaceOnUse">{drawing}</pattern>'
        )
    out.append("</defs>")
    for place, grade in enumerate(GRADES):
        left = _LEFT + place * 120
        out.append(_box(left, 6, 16, prefix, grade) + _text(left + 22, 19, grade))
    for number, (name, parts) in enumerate(shown):
        y = 36 + number * _ROW
        out.append(_text(_LEFT - 8, y + 17, name[:22], "end"))
        x = float(_LEFT)
        for grade in GRADES:
            amount = parts.get(grade, Decimal(0))
            if amount > 0 and most > 0:
                width = float(amount / most) * (_WIDTH - _LEFT - 130)
                out.append(_box(x, y, width, prefix, grade))
                x += width
        total = sum(parts.values(), Decimal(0))
        out.append(_text(x + 6, y + 17, f"{sign}{total:,.0f}"))
    return "".join([*out, "</svg>"])


def timeline(
    years: dict[int, Decimal], listings: list[tuple[int, str]], label: str, sign: str = "£"
) -> str:
    """Confirmed sums by year as columns, with the years in which makers were listed marked."""
    marks = sorted({*years, *(year for year, _ in listings)})
    if not marks:
        return ""
    span = range(marks[0], marks[-1] + 1)
    most = max(years.values(), default=Decimal(0))
    step = (_WIDTH - 40) / len(span)
    out = [_head(250, label, "time"), "</defs>"]
    for number, year in enumerate(span):
        x = 20 + number * step
        amount = years.get(year, Decimal(0))
        if amount > 0:
            tall = float(amount / most) * 130
            out.append(
                f'<rect x="{x + 4:.1f}" y="{190 - tall:.1f}" width="{max(step - 8, 2):.1f}" '
                f'height="{tall:.1f}" fill="#1d3557"/>'
            )
            out.append(_text(x + step / 2, 184 - tall, f"{sign}{amount:,.0f}", "middle"))
        out.append(_text(x + step / 2, 208, str(year), "middle"))
        count = sum(listed == year for listed, _ in listings)
        if count:
            middle = x + step / 2
            out.append(
                f'<path d="M{middle:.1f} 30V190" stroke="#000" stroke-dasharray="4 4" fill="none"/>'
            )
            out.append(_text(middle, 20, f"{count} listed", "middle"))
    out.append('<path d="M20 190H700" stroke="#000" fill="none"/>')
    out.append(_text(20, 236, "Dashed: years in which listings took effect"))
    return "".join([*out, "</svg>"])


def _head(height: int, label: str, prefix: str) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-labelledby="{prefix}-title" '
        f'xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{prefix}-title">{escape(label)}</title><defs>'
    )


def _box(x: float, y: float, width: float, prefix: str, grade: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="20" stroke="#1d3557" '
        f'fill="url(#{prefix}-{grade})"/>'
    )


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    at = f'x="{x:.1f}" y="{y:.1f}" font-size="13" text-anchor="{anchor}"'
    return f"<text {at}>{escape(text)}</text>"
