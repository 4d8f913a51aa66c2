"""A body's exposures: its attributions summed per maker and grade, kept ready for every page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import connection, transaction

from nameplate.register.models import Exposure, Organisation

EVERY_MAKER: Final = "*"
"""The maker key under which a purchase counts once, however many makers it names."""

_COLUMNS: Final = """INSERT INTO register_exposure (owner_id, body_id, maker_key, grade, currency,
  amount_kind, amount_tax, purchases, without_amount, amount_units, about)
"""
_MEASURES: Final = """p.currency, p.amount_kind, p.amount_tax, {sign} COUNT(*),
  {sign} SUM(CASE WHEN p.amount_units IS NULL THEN 1 ELSE 0 END), {sign} SUM(p.amount_units),
  {about}
"""
_PER_MAKER: Final = """
SELECT {owner}, p.body_id, best.maker_key,
  CASE best.place WHEN 1 THEN 'stated' WHEN 2 THEN 'observed' WHEN 3 THEN 'named'
    WHEN 4 THEN 'inferred' ELSE 'open' END,
"""
_PER_MAKER_FROM: Final = """FROM (
  SELECT purchase_id, maker_key, MIN(CASE grade WHEN 'stated' THEN 1 WHEN 'observed' THEN 2
    WHEN 'named' THEN 3 WHEN 'inferred' THEN 4 ELSE 5 END) AS place
  FROM register_attribution WHERE in_totals GROUP BY purchase_id, maker_key
) best
JOIN register_purchase p ON p.id = best.purchase_id
WHERE p.live AND {which} AND NOT p.is_framework {bodies}
GROUP BY p.body_id, best.maker_key, best.place, p.currency, p.amount_kind, p.amount_tax
"""
_EVERY: Final = """
SELECT {owner}, p.body_id, '*', p.best_grade,
"""
_EVERY_FROM: Final = """FROM register_purchase p
WHERE p.live AND {which} AND NOT p.is_framework AND p.best_grade <> ''
  AND EXISTS (SELECT 1 FROM register_attribution a WHERE a.purchase_id = p.id AND a.in_totals)
  {bodies}
GROUP BY p.body_id, p.best_grade, p.currency, p.amount_kind, p.amount_tax
"""
_STATEMENTS: Final = (
    _COLUMNS + _PER_MAKER + _MEASURES + _PER_MAKER_FROM,
    _COLUMNS + _EVERY + _MEASURES + _EVERY_FROM,
)
_OWN: Final = "p.owner_id = %s"
# What an organisation has adopted (judging.adopt) is taken out of the published sums again, for it
# alone: negative rows of its own, so that published and own rows simply add up.
_SHADOWED: Final = """p.owner_id = %s AND EXISTS (SELECT 1 FROM register_purchase own
  WHERE own.owner_id = %s AND own.purchase_id = p.purchase_id AND own.live)"""
FEW: Final = 200
"""Up to so many bodies are rebuilt one by one; beyond, all of the owner's at once."""


@transaction.atomic
def rebuild(owner: Organisation, bodies: Iterable[int | None] | None = None) -> None:
    """Add up again for ``bodies`` (row ids; None within: purchases without a body), or for all.

    A purchase counts once per maker, under its strongest grade; a framework's ceiling counts
    nowhere; only attributions that are ``in_totals`` count.
    """
    owner.hold()
    wanted = None if bodies is None else set(bodies)
    if wanted is not None and len(wanted) > FEW:
        wanted = None
    about = (
        "MAX(CASE WHEN p.amount_note <> '' THEN 1 ELSE 0 END)"
        if connection.vendor == "sqlite"
        else "bool_or(p.amount_note <> '')"
    )
    old = Exposure.objects.filter(owner=owner)
    clause, numbers = "", list[int]()
    if wanted is not None:
        numbers = sorted(one for one in wanted if one is not None)
        places = ", ".join(["%s"] * len(numbers)) or "NULL"
        clause = f"AND (p.body_id IN ({places})"
        clause += " OR p.body_id IS NULL)" if None in wanted else ")"
        keep = old.filter(body_id__in=numbers)
        old = keep | old.filter(body=None) if None in wanted else keep
    old.delete()
    published = Organisation.published().pk
    runs: list[tuple[str, str, list[int]]] = [("", _OWN, [owner.pk])]
    if owner.pk != published:
        runs.append(("-", _SHADOWED, [published, owner.pk]))
    with connection.cursor() as cursor:
        for sign, which, parameters in runs:
            for statement in _STATEMENTS:
                filled = statement.format(
                    about=about, bodies=clause, sign=sign, which=which, owner=int(owner.pk)
                )
                cursor.execute(filled, [*parameters, *numbers])
