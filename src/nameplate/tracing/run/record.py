"""``run.json`` and the report: what went in, what came out, and what was not looked at."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any, Final

from nameplate import __version__
from nameplate.catalogue.asof import known_at
from nameplate.catalogue.lookup import find
from nameplate.catalogue.schema import Confidence
from nameplate.catalogue.store import Catalogue
from nameplate.model.absence import Absence
from nameplate.model.attribution import Attribution
from nameplate.model.errors import CatalogueError
from nameplate.sources.api import Mode
from nameplate.tracing.run.engine import Results
from nameplate.tracing.run.outputs import COVERAGE_COLUMNS, coverage_row
from nameplate.tracing.run.tally import MakerTally, Measure, Sum, Tally, Totals

RECORD_VERSION: Final = 1
"""Version of run.json and of what ``--json`` prints."""
MEANING: Final = (
    "Totals are of contracts that include this maker's equipment: a contract's value holds labour "
    "and other goods too."
)
_READ: Final = ("read", "read in part")


def make_record(results: Results, counts: dict[str, int], tally: Tally) -> dict[str, Any]:
    """Return the run record: no clock, no path of this machine, the same for the same inputs."""
    options = results.options
    files = results.files
    return {
        "record_version": RECORD_VERSION,
        "code_version": __version__,
        "catalogue_version": results.catalogue_version,
        "mode": options.mode,
        "as_of": options.as_of.isoformat() if options.as_of else Absence.NOT_CHECKED,
        "body": options.body,
        "mapping_sha256": options.mapping_sha256() or None,
        "thresholds": _thresholds(),
        "inputs": [
            {
                "source_file": file.input.name,
                "sha256": file.sha256 or Absence.NOT_COMPUTABLE,
                "size": file.size,
                "status": file.status,
                "reason": file.reason,
            }
            for file in files
        ],
        "counts": {
            "files": len(files),
            "files_read": sum(file.status in _READ for file in files),
            "records_read": sum(f.profile.records_read for f in files if f.status in _READ),
            "records_set_aside": counts["set_aside"],
            "statements": len(results.statements),
            "purchases": counts["purchases"],
            "mentions": counts["mentions"],
            "attributions": counts["attributions"],
        },
        "hits": tally.attributed + tally.open_purchases > 0,
        "outcome": _outcome(results, tally),
    }


def _thresholds() -> dict[str, Any]:
    from nameplate.tracing.derive import THRESHOLDS

    return dict(sorted(THRESHOLDS.items()))


def _outcome(results: Results, tally: Tally) -> str:
    read = [file for file in results.files if file.status in _READ]
    if not read:
        return Absence.FAILED
    if tally.attributed:
        return "makers found"
    if tally.open_purchases:
        return "surveillance purchases found, none with a maker"
    return Absence.NOTHING_FOUND


def make_report(
    results: Results, record: dict[str, Any], tally: Tally, catalogue: Catalogue
) -> dict[str, Any]:
    """Return what the terminal shows and ``--json`` prints; keys: docs/reference/trace.md."""
    makers = sorted(tally.makers.values(), key=lambda t: (-_size(t), t.maker))
    said = _said(results)
    rows = [coverage_row(file, results.options.mode) for file in results.files]
    return {
        "record_version": RECORD_VERSION,
        "mode": record["mode"],
        "as_of": record["as_of"],
        "code_version": record["code_version"],
        "catalogue_version": record["catalogue_version"],
        "outcome": record["outcome"],
        "meaning": MEANING,
        "constructed": dict(sorted(tally.constructed.items())),
        "counts": record["counts"],
        "makers": [_maker(maker) for maker in makers],
        "across_makers": _totals(tally.all),
        "grades": dict(sorted(tally.grades.items())),
        "trade_kinds": dict(sorted(tally.kinds.items())),
        "open_purchases": tally.open_purchases,
        "largest": [_exposure(item, catalogue, said) for item in tally.largest()],
        "coverage": _coverage(results),
        "files": [{name: row[name] for name in COVERAGE_COLUMNS} for row in rows],
        "absence": _absence(results),
    }


def _size(tally: MakerTally) -> Decimal:
    return max((s.amount for s in tally.totals.confirmed.values()), default=Decimal(0))


def _maker(tally: MakerTally) -> dict[str, Any]:
    return {
        "maker": tally.maker,
        "purchases": tally.purchases,
        "constructed": tally.constructed,
        "bodies": sorted(tally.bodies),
        "grades": dict(sorted(tally.grades.items())),
        "roles": dict(sorted(tally.roles.items())),
        "totals": _totals(tally.totals),
    }


def _totals(totals: Totals) -> dict[str, Any]:
    return {
        "by_measure": [_measure(totals, measure) for measure in totals.measures()],
        "purchases_without_amount": totals.no_amount,
    }


def _measure(totals: Totals, measure: Measure) -> dict[str, Any]:
    """The three numbers: at least, with what is inferred at its odds, and with all that is open."""
    confirmed = totals.confirmed.get(measure, Sum())
    inferred = totals.inferred.get(measure, Sum())
    opened = totals.open.get(measure, Sum())
    expected = totals.expected.get(measure, Decimal(0))
    about = confirmed.about or inferred.about or opened.about
    return {
        **measure._asdict(),
        "confirmed": str(confirmed.amount),
        "confirmed_purchases": confirmed.purchases,
        "likely": Absence.NOT_COMPUTABLE if expected is None else str(confirmed.amount + expected),
        "possible": str(confirmed.amount + inferred.amount + opened.amount),
        "possible_purchases": confirmed.purchases + inferred.purchases + opened.purchases,
        "note": "about" if about else "",
    }


def _exposure(
    item: Attribution, catalogue: Catalogue, said: dict[str, list[dict[str, str]]]
) -> dict[str, Any]:
    return {
        "attribution_id": item.attribution_id,
        "purchase_id": item.purchase_id,
        "maker": item.maker,
        "brand": item.brand,
        "body": item.body or Absence.NOT_COMPUTABLE,
        "supplier": item.supplier or Absence.NOT_COMPUTABLE,
        "amount": str(item.amount),
        "amount_note": item.amount_note,
        "currency": item.currency,
        "amount_kind": item.amount_kind,
        "amount_tax": item.amount_tax,
        "date": item.date.isoformat() if item.date else Absence.NOT_COMPUTABLE,
        "date_kind": item.date_kind,
        "title": item.title,
        "grade": item.grade,
        "role": item.role,
        "wording": item.wording,
        "listed_then": listed_then(catalogue, item.maker, item.date),
        "said": said.get(item.purchase_id, []),
        "source_file": item.source_file,
        "locator": item.locator,
        "constructed": item.constructed,
    }


def listed_then(
    catalogue: Catalogue, maker: str | None, day: datetime.date | None
) -> dict[str, Any]:
    """Whether a listing of the maker was public on the purchase's day: yes, no, or why not told."""
    try:
        subject = find(catalogue, maker or "").subject
    except CatalogueError:
        says = "the maker is not in the catalogue"
        return {"answer": Absence.NOT_COMPUTABLE, "says": says, "listings": []}
    known = known_at(catalogue, subject, day)
    names = {item.key: item.name for item in catalogue.watchlists}
    first: dict[str, str] = {}
    for item in sorted(catalogue.listings, key=lambda item: item.valid_from):
        if item.subject == subject and item.confidence is not Confidence.LEAD:
            first.setdefault(names[item.watchlist], item.valid_from)
    return {
        "answer": known.answer,
        "says": known.says,
        "listings": [{"list": name, "since": since} for name, since in first.items()],
    }


def _said(results: Results) -> dict[str, list[dict[str, str]]]:
    """What statements say of purchases beside who made the equipment, and who says it."""
    found: dict[str, list[dict[str, str]]] = {}
    for item in results.statements:
        text = item.value.get("text") if isinstance(item.value, dict) else None
        if isinstance(text, str):
            via = f" (reported by {item.via})" if item.via and item.via != item.asserted_by else ""
            by = f"{item.asserted_by}{via}"
            entry = {"predicate": item.predicate, "by": by, "text": text}
            found.setdefault(item.subject, []).append(entry)
    return found


def _coverage(results: Results) -> dict[str, Any]:
    read = [file for file in results.files if file.status in _READ]
    statuses: dict[str, int] = {}
    for file in results.files:
        statuses[file.status] = statuses.get(file.status, 0) + 1
    dated = [file.profile for file in read if file.profile.first_date and file.profile.last_date]
    computed = results.options.mode is Mode.FULL and bool(dated)
    first = min(p.first_date for p in dated if p.first_date) if computed else None
    last = max(p.last_date for p in dated if p.last_date) if computed else None
    return {
        "files": dict(sorted(statuses.items())),
        "records_read": sum(file.profile.records_read for file in read),
        "first_date": first.isoformat() if first else Absence.NOT_COMPUTABLE,
        "last_date": last.isoformat() if last else Absence.NOT_COMPUTABLE,
        "files_without_dates": len(read) - len(dated),
    }


def _absence(results: Results) -> dict[str, list[str]]:
    """The four faces, each with what wears it."""
    faces: dict[str, list[str]] = {face.value: [] for face in Absence}
    for file in results.files:
        name = file.input.name
        if file.status in _READ and not file.hits:
            faces[Absence.NOTHING_FOUND].append(name)
        elif file.status == "not read":
            faces[Absence.NOT_CHECKED].append(f"{name}: {file.reason}")
        elif file.status == "failed":
            faces[Absence.FAILED].append(f"{name}: {file.reason}")
        if file.status == "read in part":
            faces[Absence.FAILED].append(f"{name}: read in part; {file.reason}")
    if results.options.mode is Mode.QUICK:
        faces[Absence.NOT_COMPUTABLE].append("dates and sums: --quick decodes hits only")
    return faces
