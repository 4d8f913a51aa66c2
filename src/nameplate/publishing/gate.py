"""Nobody is named without having been offered a reply, unless an editor answers for it by name."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from nameplate.model.errors import InputError, NameplateError
from nameplate.publishing.tables import Row


class Reply(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A reply offered to a named firm: offered on, open until (inclusive), and what came."""

    party: str
    offered: datetime.date
    until: datetime.date
    reply: str = ""


class Override(msgspec.Struct, frozen=True):
    """An editor's decision to publish all the same; stands in the edition."""

    by: str
    reason: str


class GateError(NameplateError):
    """A named firm was not offered a reply, or its time runs."""


def load_replies(path: Path | None) -> dict[str, Reply]:
    """Read a JSON array of replies, by case-folded party; raises InputError on a malformed one."""
    if path is None:
        return {}
    try:
        found = msgspec.json.decode(path.read_bytes(), type=list[Reply])
    except (OSError, msgspec.DecodeError) as error:
        raise InputError(
            str(error), where=path.name, do="see docs/reference/publishing.md"
        ) from error
    replies: dict[str, Reply] = {}
    for item in found:
        if item.party.casefold() in replies:
            raise InputError(f"{item.party!r} is in it twice", where=path.name, do="keep one")
        if item.until < item.offered:
            raise InputError(
                f"the time of {item.party!r} ends before it was offered", where=path.name
            )
        replies[item.party.casefold()] = item
    return replies


def party_rows(
    named: Iterable[tuple[str, str]], replies: Mapping[str, Reply], day: datetime.date
) -> list[Row]:
    """Rows of ``parties`` for (name, role) pairs, as things stand on ``day``."""
    rows = []
    for name, role in sorted(set(named)):
        reply = replies.get(name.casefold())
        rows.append(
            {
                "party": name,
                "role": role,
                "offered": reply.offered.isoformat() if reply else "",
                "until": reply.until.isoformat() if reply else "",
                "reply": reply.reply if reply else "",
                "state": _state(reply, day),
            }
        )
    return rows


def _state(reply: Reply | None, day: datetime.date) -> str:
    if reply is None or reply.offered > day:
        return "not offered"
    if reply.reply:
        return "replied"
    return "no reply" if day > reply.until else "time runs"


def check(parties: Iterable[Row], override: Override | None) -> None:
    """Raise GateError naming every firm that stands in the way, unless there is an override."""
    blocked = [
        f"{row['party']} ({row['state']}{' until ' + row['until'] if row['until'] else ''})"
        for row in parties
        if row["state"] in ("not offered", "time runs")
    ]
    if blocked and override is None:
        raise GateError(
            f"{len(blocked)} named firms have not had their say: {', '.join(blocked)}",
            do="offer each a reply and give --replies, or answer for it with --override-by NAME "
            "--reason TEXT",
        )
