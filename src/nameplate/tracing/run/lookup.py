"""Finding an attribution again in a folder of outputs, by its id, a prefix, or its purchase."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from nameplate.model.errors import StoreError, UsageError

_SHOWN: Final = 5


def find_attributions(out: Path, wanted: str) -> list[dict[str, Any]]:
    """Return the rows of ``attributions.parquet`` that ``wanted`` names, in the table's order.

    ``wanted`` is an attribution's id, the beginning of one only, or a purchase's likewise (all of
    its attributions come back). Raises UsageError where it names nothing or several subjects, and
    StoreError where the folder holds no finished run.
    """
    path = out / "attributions.parquet"
    if not (out / "run.json").exists() or not path.exists():
        raise StoreError(
            "there is no finished run in this folder",
            where=str(out),
            do="run `nameplate trace PATH... --out` with it first",
        )
    if not wanted.strip():
        raise UsageError("an empty id names nothing", do="give an id from attributions.csv")
    column = "purchase_id" if wanted.startswith("p_") else "attribution_id"
    rows = list(_rows(path, column, wanted))
    subjects = sorted({row[column] for row in rows})
    exact = [row for row in rows if row[column] == wanted]
    if exact:
        return exact
    if not rows:
        raise UsageError(f"nothing in it has the id {wanted}", where=str(out), do="check the id")
    if len(subjects) > 1:
        few = ", ".join(subjects[:_SHOWN]) + (" …" if len(subjects) > _SHOWN else "")
        raise UsageError(f"{len(subjects)} ids begin with {wanted} ({few})", do="give more of it")
    return rows


def find_purchase(out: Path, purchase_id: str) -> dict[str, Any] | None:
    """Return a row of ``purchases.parquet``, or None where it is not there."""
    path = out / "purchases.parquet"
    return next(_rows(path, "purchase_id", purchase_id), None) if path.exists() else None


def _rows(path: Path, column: str, prefix: str) -> Iterator[dict[str, Any]]:
    """Yield rows whose ``column`` begins with ``prefix``, a row group at a time."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for number in range(file.num_row_groups):
            ids = file.read_row_group(number, columns=[column]).column(column)
            hits = pc.starts_with(ids, pattern=prefix)
            if pc.any(hits).as_py():
                yield from file.read_row_group(number).filter(hits).to_pylist()
