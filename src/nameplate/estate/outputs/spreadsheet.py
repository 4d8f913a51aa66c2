"""The findings as a workbook: devices, findings with reasons, answers. All cells are text or
numbers; nothing that a device says can become a formula or a link."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nameplate.estate.examination import Answer
from nameplate.estate.score import Score
from nameplate.estate.vulns.schema import Finding
from nameplate.model.device import Device, Field


def write(
    path: Path,
    *,
    devices: Sequence[Device],
    findings: dict[str, tuple[Finding, ...]],
    scores: Sequence[Score],
    answers: Sequence[Answer],
    as_of: datetime.date,
) -> None:
    """Write the workbook; the same input gives the same bytes. Memory stays flat: rows are
    written one by one."""
    import xlsxwriter

    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "constant_memory": True,
    }
    book: Any = xlsxwriter.Workbook(str(path), options)
    book.set_properties(
        {
            "title": f"Devices and findings as of {as_of}",
            "created": datetime.datetime.combine(as_of, datetime.time()),
        }
    )
    bold = book.add_format({"bold": True, "text_wrap": True})
    by_id = {score.device_id: score for score in scores}
    ordered = sorted(devices, key=lambda d: (-by_id[d.device_id].points, d.device_id))

    sheet = _sheet(
        book,
        "What to fix first",
        ["Score", "Could be", "Site", "Place", "Maker", "Held", "Badge", "Model", "Firmware",
         "Address", "Serial", "MAC", "Why", "Contradictions", "Device"],
        bold,
    )  # fmt: skip
    for row, device in enumerate(ordered, 1):
        score = by_id[device.device_id]
        why = "; ".join(p.says for p in score.parts if p.points)
        _row(
            sheet,
            row,
            [score.points, score.could_be, device.get(Field.SITE), device.get(Field.LOCATION),
             device.maker, device.band, device.brand, device.get(Field.MODEL),
             device.get(Field.FIRMWARE), device.get(Field.ADDRESS), device.get(Field.SERIAL),
             ", ".join(device.macs), why, "; ".join(device.contradictions), device.device_id],
        )  # fmt: skip
    sheet = _sheet(
        book,
        "Findings",
        ["Device", "Model", "Firmware", "Vulnerability", "Title", "Status", "Sources disagree",
         "Exploited since", "EPSS", "CVSS", "Source", "Says", "Why", "Read it at"],
        bold,
    )  # fmt: skip
    row = 0
    for device in ordered:
        for finding in findings.get(device.device_id, ()):
            cvss = "; ".join(f"{c.version}: {c.score}" for c in finding.cvss)
            for verdict in finding.verdicts:
                row += 1
                _row(
                    sheet,
                    row,
                    [device.device_id, device.get(Field.MODEL), device.get(Field.FIRMWARE),
                     finding.cve, finding.title, finding.status.value,
                     "yes" if finding.disagreement else "no", finding.kev_added,
                     finding.epss if finding.epss is not None else "not known", cvss,
                     verdict.source, verdict.status.value, verdict.why, verdict.url],
                )  # fmt: skip
    sheet = _sheet(
        book,
        "Examination",
        ["Question", "Proposed answer", "Evidence", "Clauses", "To be confirmed by"],
        bold,
    )
    for row, answer in enumerate(answers, 1):
        _row(
            sheet,
            row,
            [answer.question, answer.answer, answer.says, "; ".join(answer.clauses), ""],
        )
    book.close()


def _sheet(book: Any, name: str, columns: list[str], bold: Any) -> Any:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(columns) - 1, 18)
    for at, column in enumerate(columns):
        sheet.write_string(0, at, column, bold)
    return sheet


def _row(sheet: Any, row: int, cells: Sequence[str | float]) -> None:
    for at, cell in enumerate(cells):
        if isinstance(cell, str):
            sheet.write_string(row, at, cell[:32_767])
        else:
            sheet.write_number(row, at, cell)
