"""Claims that cannot both hold are kept, set side by side, and shown; none is dropped."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from nameplate.model.statement import Statement

_HAS: Final = frozenset({"in_use", "supplied", "maintained", "to_be_replaced"})
_HAS_NOT: Final = frozenset({"not_used", "removed"})


class Contradiction(msgspec.Struct, frozen=True, kw_only=True):
    """Two or more statements on one subject that differ, in order of recording."""

    subject: str
    about: str
    kind: str
    statements: tuple[Statement, ...]
    says: str


def contradictions(statements: Iterable[Statement]) -> list[Contradiction]:
    """Find denials against claims, counts that differ, and corrected figures; by subject, maker.

    Statements that withdraw others are passed over, and so is what they take back.
    """
    held = sorted(statements, key=lambda s: (s.recorded, s.statement_id))
    gone = {s.withdraws for s in held if s.withdraws}
    by: dict[tuple[str, str], list[Statement]] = {}
    for statement in held:
        if statement.withdraws or statement.statement_id in gone:
            continue
        maker = str(_value(statement).get("maker") or "")
        if statement.predicate in {"equipment", "equipment_maker"} and maker:
            by.setdefault((statement.subject, maker), []).append(statement)
    out = []
    for (subject, maker), group in sorted(by.items()):
        has = [s for s in group if _role(s) in _HAS]
        has_not = [s for s in group if _role(s) in _HAS_NOT]
        if has and has_not and _sources(has) != _sources(has_not):
            out.append(_made(subject, maker, "denied and claimed", [*has_not, *has]))
        counts = {tuple(_value(s).get("counts") or ()) for s in has} - {()}
        if len(counts) > 1:
            differ = [s for s in has if _value(s).get("counts")]
            out.append(_made(subject, maker, "counts differ", differ))
    return out


def _made(subject: str, maker: str, kind: str, group: list[Statement]) -> Contradiction:
    parts = [
        f"{s.asserted_by} ({s.source.title or 'no title'}"
        f"{', ' + s.source.published if s.source.published else ''}): "
        f"{_role(s).replace('_', ' ')}{_counted(s)}"
        for s in group
    ]
    return Contradiction(
        subject=subject, about=maker, kind=kind, statements=tuple(group), says="; ".join(parts)
    )


def _counted(statement: Statement) -> str:
    counts = _value(statement).get("counts")
    return f", {' + '.join(str(c) for c in counts)}" if counts else ""


def _role(statement: Statement) -> str:
    return str(_value(statement).get("role") or "in_use")


def _value(statement: Statement) -> dict[str, Any]:
    return statement.value if isinstance(statement.value, dict) else {"maker": statement.value}


def _sources(group: list[Statement]) -> set[tuple[str, str]]:
    return {(s.source.sha256, s.source.title) for s in group}
