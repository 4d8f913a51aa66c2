"""Writing the pages: the national picture, bodies, makers, suppliers, and what explains them."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

import jinja2

from nameplate.model.attribution import Grade
from nameplate.model.ids import make_id
from nameplate.publishing.data.plain import LICENCE
from nameplate.publishing.edition import Edition, money_text
from nameplate.publishing.site import charts
from nameplate.publishing.site.figures import confirmed_by, lines, measure_words, money, totals
from nameplate.publishing.tables import TABLES, Row
from nameplate.tracing.run.outputs import defused
from nameplate.tracing.run.tally import Measure

PURCHASES_SHOWN: Final = 60
"""Purchases on one page; with their evidence they stay under 200 KB."""
LIST_SHOWN: Final = 400
ROWS_SHOWN: Final = 200


class Site:
    """An edition being written as pages into a folder."""

    def __init__(self, folder: Path, edition: Edition) -> None:
        self.folder = folder
        self.edition = edition
        t = edition.tables
        self.purchases = {row["purchase_id"]: row for row in t["purchases"]}
        self.bodies = {row["body_id"]: row for row in t["bodies"]}
        self.evidence = _grouped(t["evidence"], "attribution_id")
        self.said = _grouped(t["statements"], "subject")
        self.parties = {row["party"]: row for row in t["parties"]}
        self.index: list[list[str]] = []
        loader = jinja2.FileSystemLoader(str(resources.files(__package__) / "templates"))
        self.env = jinja2.Environment(
            loader=loader, autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined
        )
        self.by: dict[str, dict[str, list[Row]]] = {"bodies": {}, "makers": {}, "suppliers": {}}
        for row in t["attributions"]:
            purchase = self.purchases[row["purchase_id"]]
            self.by["bodies"].setdefault(row["body_id"], []).append(row)
            if row["maker"]:
                self.by["makers"].setdefault(row["maker"], []).append(row)
            for name in _names(purchase["supplier"]):
                self.by["suppliers"].setdefault(name, []).append(row)

    def write(self) -> None:
        """Write every page, chart file, feed and asset."""
        for kind in self.by:
            (self.folder / kind).mkdir()
        for name in ("assets", "charts"):
            (self.folder / name).mkdir()
        for name in ("style.css", "search.js"):
            source = resources.files(__package__) / "assets" / name
            (self.folder / "assets" / name).write_bytes(source.read_bytes())
        for body_id, body in self.bodies.items():
            self._party("bodies", body_id, body["name"])
        for maker in sorted(self.by["makers"]):
            self._party("makers", maker, maker)
        for supplier in sorted(self.by["suppliers"]):
            self._party("suppliers", supplier, supplier)
        for kind in self.by:
            self._list(kind)
        self._front()
        about, tables = self.edition.about, self.edition.tables
        self._page("method.html", "method.html", "Method", m=self.edition.method)
        changes = self.edition.changes
        extra = max(0, len(changes) - ROWS_SHOWN)
        self._page(
            "corrections.html",
            "corrections.html",
            "Corrections",
            changes=changes[:ROWS_SHOWN],
            more=extra,
        )
        parties = tables["parties"]
        extra = max(0, len(parties) - ROWS_SHOWN * 4)
        self._page(
            "named.html",
            "named.html",
            "Who is named",
            parties=parties[: ROWS_SHOWN * 4],
            more=extra,
        )
        self._page("data.html", "data.html", "Data", tables=TABLES, licence=LICENCE)
        index = json.dumps(sorted(self.index), ensure_ascii=False).replace("<", "\\u003c")
        self._text("assets/index.js", f"window.NAMEPLATE_INDEX={index};\n")
        self._text("corrections.xml", atom(about, changes))

    def _page(self, template: str, path: str, title: str, **values: Any) -> None:
        contact = self.edition.about["contact"]
        link = contact if contact.startswith("https://") else f"mailto:{contact}"
        made = sum(bool(row["constructed"]) for row in self.purchases.values())
        text = self.env.get_template(template).render(
            title=title,
            about=self.edition.about,
            root="../" * path.count("/"),
            contact_link=link,
            constructed=made,
            **values,
        )
        self._text(path, text + "\n")

    def _text(self, path: str, text: str) -> None:
        (self.folder / path).write_text(text, encoding="utf-8", newline="\n")

    def _party(self, kind: str, key: str, name: str) -> None:
        held = self.by[kind].get(key, [])
        shown = held
        if kind != "makers":
            # A purchase of two makers counts once for a body; its rows are all shown.
            flag, scope = "counts_overall", "body" if kind == "bodies" else "supplier"
            inferred: list[Row] = []
        else:
            flag, scope = "counts_for_maker", "maker"
            inferred = [r for r in self.edition.tables["inferred_sums"] if r["maker"] == key]
        found = totals(held, flag, inferred)
        page = page_of(kind, key, name)
        self.index.append([name, kind[:-1] if kind != "bodies" else "body", page])
        listings = None
        if kind == "makers":
            listings = [r for r in self.edition.tables["listings"] if r["maker"] == key]
        said = self._said_of(kind, key)
        self._page(
            "party.html",
            page,
            name,
            lead=self._lead(kind, key, held),
            totals=lines(found, scope, key, [r for r in inferred if r["withheld"]]),
            no_amount=found.no_amount,
            with_likely=kind == "makers",
            listings=listings,
            said=said,
            reply=self.parties.get(name) if kind != "bodies" else None,
            rows=[self._purchase(row) for row in shown[:PURCHASES_SHOWN]],
            more=max(0, len(shown) - PURCHASES_SHOWN),
            questions=sum(row["grade"] == Grade.OPEN for row in held),
        )

    def _said_of(self, kind: str, key: str) -> list[Row]:
        if kind == "bodies":
            return self.said.get(key, [])
        if kind != "makers":
            return []
        return [
            row
            for subject, rows in sorted(self.said.items())
            for row in rows
            if subject == f"m:{self.edition.maker_keys.get(key, '')}"
        ]

    def _lead(self, kind: str, key: str, held: list[Row]) -> list[str]:
        if kind != "bodies":
            count = len({row["body_id"] for row in held if row["body_id"]})
            return [f"{len({r['purchase_id'] for r in held})} purchases of {count} bodies."]
        body = self.bodies[key]
        where = ", ".join(v for v in (body.get("kind"), body.get("region"), body.get("gss")) if v)
        out = [where.capitalize() + "."] if where else []
        if body.get("valid_to"):
            out.append(
                f"It no longer exists since {body['valid_to']}; its work is done by "
                f"{body['followed_by'] or 'a body that is not known'}."
            )
        return out

    def _purchase(self, row: Row) -> dict[str, Any]:
        purchase = self.purchases[row["purchase_id"]]
        measure = Measure(
            purchase["currency"] or "", purchase["amount_kind"], purchase["amount_tax"]
        )
        amount = purchase["amount"]
        body = self.bodies.get(row["body_id"])
        said = [
            s for s in self.said.get(row["purchase_id"], []) if s["predicate"] != "equipment_maker"
        ]
        return {
            "a": row,
            "p": purchase,
            "body": body["name"] if body else "",
            "body_page": page_of("bodies", row["body_id"], body["name"]) if body else "",
            "maker_page": page_of("makers", row["maker"], row["maker"]) if row["maker"] else "",
            "suppliers": [
                {"name": name, "page": page_of("suppliers", name, name)}
                for name in _names(purchase["supplier"])
            ],
            "amount": "not computable: none is published"
            if amount is None
            else money(amount, purchase["currency"] or "", purchase["amount_note"] or ""),
            "of": measure_words(measure),
            "evidence": self.evidence.get(row["attribution_id"], []),
            "said": said,
        }

    def _list(self, kind: str) -> None:
        one = kind[:-1] if kind != "bodies" else "body"
        items = sorted(
            (name.casefold(), name, page.split("/")[1])
            for name, sort, page in self.index
            if sort == one
        )
        parts = [items[i : i + LIST_SHOWN] for i in range(0, len(items), LIST_SHOWN)] or [[]]
        names = ["index.html", *(f"list-{n}.html" for n in range(2, len(parts) + 1))]
        for number, part in enumerate(parts):
            pages = [
                {"label": n + 1, "href": name, "here": n == number} for n, name in enumerate(names)
            ]
            rows = [{"name": name, "href": href} for _, name, href in part]
            self._page(
                "list.html", f"{kind}/{names[number]}", kind.capitalize(), items=rows, pages=pages
            )

    def _front(self) -> None:
        tables = self.edition.tables
        rows = tables["attributions"]
        inferred = tables["inferred_sums"]
        across = [r for r in inferred if not r["maker"]]
        found = totals(rows, "counts_overall", across)
        makers = []
        for name in sorted(self.by["makers"]):
            own = [r for r in inferred if r["maker"] == name]
            held = totals(self.by["makers"][name], "counts_for_maker", own)
            bodies = {r["body_id"] for r in self.by["makers"][name] if r["body_id"]}
            shown = lines(held, "maker", name, [r for r in own if r["withheld"]])
            makers.append(
                {
                    "name": name,
                    "bodies": len(bodies),
                    "totals": shown,
                    "page": page_of("makers", name, name),
                }
            )
        years = self._group(
            rows, lambda a, _: str(a["date"].year) if a["date"] else "date not given"
        )
        coverage = tables["coverage"]
        self._page(
            "index.html",
            "index.html",
            "The national picture",
            totals=lines(found, "all", "", [r for r in across if r["withheld"]]),
            no_amount=found.no_amount,
            makers=makers,
            **self._charts(rows, years),
            years=years,
            listings=tables["listings"][:ROWS_SHOWN],
            groups=[
                ("region", self._group(rows, lambda _, b: b.get("region") or "not known")),
                ("kind of body", self._group(rows, lambda _, b: b.get("kind") or "not known")),
            ],
            records=f"{_records(coverage):,}",
            files=len(coverage),
            missing=list(self._missing()),
            coverage=coverage[:ROWS_SHOWN],
            more_files=len(coverage) > ROWS_SHOWN,
        )

    def _group(self, rows: list[Row], of: Any) -> list[dict[str, Any]]:
        names = {r["attribution_id"]: of(r, self.bodies.get(r["body_id"]) or {}) for r in rows}
        found = []
        for group, key, amount, count, about in confirmed_by(rows, names):
            currency, kind, tax = key.split(" ")
            currency = "" if currency == "-" else currency
            measure = Measure(currency, kind, tax)
            found.append(
                {
                    "group": group,
                    "measure": key,
                    "of": measure_words(measure),
                    "amount": amount,
                    "text": money(amount, currency, "about" if about else ""),
                    "count": count,
                }
            )
        return found

    def _charts(self, rows: list[Row], years: list[dict[str, Any]]) -> dict[str, str]:
        """The two charts of the measure with the largest sum, and all figures as CSV."""
        sums: dict[tuple[str, str, str], Decimal] = {}
        for row in rows:
            if (
                row["maker"]
                and row["counts_for_maker"]
                and row["in_totals"]
                and row["amount"] is not None
            ):
                key = f"{row['currency'] or '-'} {row['amount_kind']} {row['amount_tax']}"
                at = (row["maker"], key, row["grade"])
                sums[at] = sums.get(at, Decimal(0)) + row["amount"]
        cells = [[*key, money_text(sums[key])] for key in sorted(sums)]
        self._csv("charts/makers.csv", ["maker", "measure", "grade", "amount"], cells)
        listed = [[r["group"], r["measure"], money_text(r["amount"]), r["count"]] for r in years]
        self._csv("charts/years.csv", ["year", "measure", "confirmed", "purchases"], listed)
        by_measure: dict[str, Decimal] = {}
        for (_, key, _), amount in sums.items():
            by_measure[key] = by_measure.get(key, Decimal(0)) + amount
        if not by_measure:
            return {"bars": "", "bars_of": "", "timeline": ""}
        best = max(sorted(by_measure), key=lambda key: by_measure[key])
        currency, kind, tax = best.split(" ")
        sign = {"GBP": "£", "EUR": "€", "USD": "$"}.get(currency, f"{currency} ")
        parts: dict[str, dict[str, Decimal]] = {}
        for (maker, key, grade), amount in sums.items():
            if key == best:
                parts.setdefault(maker, {})[grade] = amount
        order = sorted(parts.items(), key=lambda item: (-sum(item[1].values()), item[0]))
        words = measure_words(Measure(currency, kind, tax))
        of = words if currency == "-" else f"{currency} {words}"
        dated = {
            int(r["group"]): r["amount"]
            for r in years
            if r["group"].isdigit() and r["measure"] == best
        }
        marks = [
            (int(r["valid_from"][:4]), r["maker"])
            for r in self.edition.tables["listings"]
            if r["valid_from"]
        ]
        # A chart words a sum no more exactly than its source does.
        if any(row["amount_note"] for row in rows):
            sign = f"about {sign}"
        return {
            "bars": charts.bars(order, f"Sums by maker and grade, {of}", "bars", sign),
            "bars_of": of,
            "timeline": charts.timeline(dated, marks, f"Confirmed by year, {of}", sign),
        }

    def _csv(self, path: str, header: list[str], rows: list[list[Any]]) -> None:
        with (self.folder / path).open("w", encoding="utf-8", newline="") as stream:
            out = csv.writer(stream, lineterminator="\n")
            out.writerow(header)
            # The amount is a number of ours; only what others wrote is defused.
            out.writerows([[defused(row[0]), *row[1:]] for row in rows])

    def _missing(self) -> Iterator[str]:
        purchases = list(self.purchases.values())
        for count, what in (
            (sum(row["date"] is None for row in purchases), "have no date"),
            (sum(row["amount"] is None for row in purchases), "have no published amount"),
            (sum(not row["supplier"] for row in purchases), "show no supplier"),
            (sum(row["amount_note"] != "" for row in purchases), "qualify their amount (“about”)"),
        ):
            if count:
                yield f"{count} of {len(purchases)} purchases shown {what}."
        states: dict[str, int] = {}
        for row in self.edition.tables["coverage"]:
            states[row["status"]] = states.get(row["status"], 0) + 1
        for state in ("read in part", "not read", "failed"):
            if state in states:
                yield f"{states[state]} files: {state}."
        if any(row["constructed"] for row in purchases):
            yield (
                "Where a source gives a total over bodies it does not name, the unnamed ones are "
                "not here, and no total on this site includes them."
            )


def page_of(kind: str, key: str, name: str) -> str:
    """Path of a page: readable, and never the same for two keys."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:60]
    return f"{kind}/{slug or 'x'}-{make_id('k', kind, key)[2:10]}.html"


def atom(about: dict[str, Any], changes: list[Row]) -> str:
    """Corrections as an Atom feed with ids that never change."""
    out = [
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>Corrections: {escape(about['name'])}</title>",
        f"<id>urn:nameplate:edition:{about['data_sha256']}</id>",
        f"<updated>{about['day']}T00:00:00Z</updated><author><name>Nameplate</name></author>",
        '<link rel="alternate" href="corrections.html"/>',
    ]
    for c in changes:
        out += [
            f"<entry><id>urn:nameplate:correction:{c['id']}</id>",
            f"<title>{c['attribution_id']} {c['kind']}</title>",
            f"<updated>{c['day']}T00:00:00Z</updated>",
            f'<link rel="alternate" href="corrections.html#{c["id"]}"/>',
            f"<summary>{escape(c['why'])}</summary></entry>",
        ]
    return "\n".join([*out, "</feed>\n"])


def _names(supplier: str | None) -> list[str]:
    return [name for name in dict.fromkeys((supplier or "").split("; ")) if name]


def _records(coverage: list[Row]) -> int:
    return sum(int(c["records_read"] or 0) for c in coverage if c["status"] != "duplicate")


def _grouped(rows: list[Row], column: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return groups
