"""Labels and questions for the model out of a run: a folder that ``nameplate trace`` wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nameplate.model.attribution import CONFIRMED_GRADES, Grade
from nameplate.model.errors import InputError
from nameplate.tracing.infer.model import Asked, Labelled


def rows_of(folder: Path) -> list[dict[str, Any]]:
    """Rows of ``attributions.parquet``; raises InputError where the folder holds no run."""
    import pyarrow.parquet as pq

    path = folder / "attributions.parquet"
    if not path.is_file():
        raise InputError("there is no run in that folder", where=folder.name, do="trace first")
    columns = [
        "purchase_id",
        "body",
        "supplier",
        "maker",
        "grade",
        "role",
        "date",
        "trade_kind",
        "constructed",
        "evidence",
    ]
    rows: list[dict[str, Any]] = pq.read_table(path, columns=columns).to_pylist()
    return rows


def labelled_of(rows: list[dict[str, Any]]) -> list[Labelled]:
    """Purchases known to be of one maker alone: stated, observed or named; never inferred."""
    known: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if Grade(row["grade"]) in CONFIRMED_GRADES and row["maker"]:
            known.setdefault(row["purchase_id"], []).append(row)
    return [
        Labelled(
            purchase_id=key,
            maker=held[0]["maker"],
            supplier=_key(held[0]["supplier"]),
            body=held[0]["body"] or "",
            day=held[0]["date"],
            kind=held[0]["trade_kind"],
            grade=Grade(held[0]["grade"]),
            constructed=bool(held[0]["constructed"]),
        )
        for key, held in sorted(known.items())
        if len({r["maker"] for r in held}) == 1
    ]


def asked_of_run(rows: list[dict[str, Any]], purchase_id: str) -> Asked:
    """A purchase of the run as a question, with its supplier's dated claims to sell a maker.

    The beginning of an id is enough where only one begins so; raises InputError otherwise.
    """
    from nameplate.catalogue.store import load
    from nameplate.model.purchase import Party
    from nameplate.tracing.suppliers import distributors_of

    ids = sorted({r["purchase_id"] for r in rows if r["purchase_id"].startswith(purchase_id)})
    if len(ids) != 1:
        raise InputError(
            f"{len(ids)} purchases begin with {purchase_id!r}",
            where="attributions.parquet",
            do="give the id as `nameplate trace` shows it",
        )
    row = next(r for r in rows if r["purchase_id"] == ids[0])
    catalogue = load()
    claims = []
    for name in (row["supplier"] or "").split("; "):
        if name:
            party = Party(name=name, role="supplier")
            claims += [
                (catalogue.maker(fact.maker).name, fact.id)
                for fact in distributors_of(party, row["date"], catalogue)
            ]
    return Asked(
        purchase_id=ids[0],
        supplier=_key(row["supplier"]),
        body=row["body"] or "",
        day=row["date"],
        kind=row["trade_kind"],
        claims=tuple(claims),
    )


def _key(supplier: str | None) -> str:
    """A supplier's name without its legal form: two spellings of one firm count together."""
    from nameplate.names.normalise import core

    return core(supplier) if supplier else ""
