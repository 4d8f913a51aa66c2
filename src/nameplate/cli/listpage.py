"""Imported watchlists as text: what was read, set aside and not understood, and what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from nameplate.catalogue.watchlists.registry import OWN, SPECS
from nameplate.catalogue.watchlists.snapshots import Change, Imported, Snapshot, Store


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A list that can be imported, and its snapshots."""

    key: str
    title: str
    forms: tuple[str, ...]
    snapshots: tuple[Snapshot, ...]


def as_json(value: object) -> str:
    """One JSON value, keys in a fixed order."""
    return msgspec.json.encode(value, order="deterministic").decode()


def imported(done: Imported) -> list[str]:
    """What an import did, as lines."""
    snapshot = done.snapshot
    short = snapshot.snapshot_id[:12]
    if not done.is_new:
        return [f"{snapshot.list_key}: this file is the snapshot in force ({short}); unchanged."]
    out = [f"{snapshot.list_key}: {snapshot.entries:,} entries of {snapshot.rows:,} rows, {short}."]
    if snapshot.basis != "real sample":
        out.append("  This reader was written from documentation; no real file was at hand.")
    dates = f"published {snapshot.published or 'not said'}, received {snapshot.received}"
    out.append(f"  {dates}; {', '.join(file.name for file in snapshot.files)}")
    out += [f"  {count:,} {name}" for name, count in snapshot.by_watchlist.items()]
    out += [f"  {count:,} × {name}, kept beside" for name, count in snapshot.auxiliary.items()]
    out += [f"  note: {note}" for note in snapshot.notes]
    if snapshot.unknown:
        out.append("  Fields not understood (kept as published):")
        out += [f"    {name}: {count:,} rows" for name, count in snapshot.unknown.items()]
    else:
        out.append("  Every field was understood.")
    out.append(
        f"  {snapshot.set_aside} rows set aside." if snapshot.set_aside else "  No row set aside."
    )
    out += [f"    {row.locator}: {row.reason}: {row.excerpt}" for row in done.set_aside]
    return [*out, *changes(done.changes)] if done.previous else out


def changes(found: Sequence[Change]) -> list[str]:
    """Changes as lines, counted by kind."""
    counts = Counter(change.kind for change in found)
    parts = [f"{counts[kind]} {kind}" for kind in ("added", "changed", "ended")]
    out = [f"Since the snapshot before: {', '.join(parts)}."]
    for change in found:
        what = f" ({', '.join(change.fields)})" if change.fields else ""
        until = f" to {change.valid_to}" if change.valid_to else ""
        since = change.valid_from or "no date"
        out.append(f"  {change.kind:<8}{change.name} [{since}{until}]{what}")
    return out


def overview(store: Store) -> list[Row]:
    """All lists that can be imported, own ones that were, and their snapshots."""
    rows = []
    own = [key for key in store.lists() if key.startswith("own-")]
    for spec in (*SPECS, *(msgspec.structs.replace(OWN, key=key) for key in own)):
        forms = tuple(f"{form.title}, {form.basis}" for form in spec.forms)
        history = tuple(store.history(spec.key))
        rows.append(Row(key=spec.key, title=spec.title, forms=forms, snapshots=history))
    return rows


def overview_page(rows: Sequence[Row]) -> list[str]:
    """The overview as lines."""
    out = []
    for row in rows:
        out.append(f"{row.key}: {row.title}")
        out.append(f"  reads {'; '.join(row.forms)}")
        for snapshot in row.snapshots:
            force = " – in force" if snapshot is row.snapshots[-1] else ""
            short = snapshot.snapshot_id[:12]
            out.append(f"  {short} received {snapshot.received}, {snapshot.entries:,}{force}")
        if not row.snapshots:
            out.append("  not imported here")
    return [*out, "own-NAME: a body's own list, as CSV with a column `name`"]
