"""Attributions of devices: what is on the estate, by what it says of itself and by statements."""

from __future__ import annotations

from collections.abc import Sequence

from nameplate.catalogue.store import Catalogue
from nameplate.model.attribution import Attribution, Evidence, Grade, attribution_id
from nameplate.model.device import Device
from nameplate.model.mention import Role
from nameplate.model.statement import Statement
from nameplate.model.wording import wording
from nameplate.tracing import weigh


def device_attributions(
    device: Device, catalogue: Catalogue, statements: Sequence[Statement]
) -> list[Attribution]:
    """What one device is: ``observed`` where it identifies itself, else nothing.

    A person's rejection takes the maker away; a confirmation or a body's statement makes it
    ``stated``. Devices have no amount and are in no total.
    """
    verdicts = {}
    for statement in sorted(statements, key=lambda s: (s.recorded, s.statement_id)):
        value = statement.value if isinstance(statement.value, dict) else {}
        key = str(value.get("maker", ""))
        if key and statement.predicate.startswith(("attribution_", "equipment_maker")):
            verdicts[key] = statement
    makers = dict.fromkeys([device.maker_key, *verdicts] if device.maker_key else [*verdicts])
    found = []
    for key in makers:
        said = verdicts.get(key)
        if said is not None and said.predicate == "attribution_rejected":
            continue
        evidence: tuple[Evidence, ...] = device.evidence if key == device.maker_key else ()
        name = catalogue.maker(key).name
        if said is not None:
            evidence = (*evidence, weigh.of_statement(said, name))
        if not evidence:
            continue
        observed = key == device.maker_key and device.band != "unlikely"
        grade = Grade.OBSERVED if observed else weigh.weakest(evidence)
        if said is not None and said.asserter.value != "device":
            grade = Grade.STATED
        chance = weigh.probability(weigh.PRIOR, evidence)
        asserter = said.asserted_by if said is not None else ""
        found.append(
            Attribution(
                attribution_id=attribution_id(device.device_id, key, Role.IN_USE.value),
                purchase_id=device.device_id,
                body=None,
                supplier=None,
                maker=name,
                brand=device.brand or None,
                role=Role.IN_USE.value,
                grade=grade,
                probability=chance,
                band=weigh.band_of(chance),
                prior=weigh.PRIOR,
                amount=None,
                currency="",
                amount_kind="",
                amount_tax="",
                in_totals=False,
                date=None,
                date_kind="unknown",
                title=device.note,
                trade_kind="equipment",
                evidence=evidence,
                wording=wording(grade, maker=name, asserter=asserter),
                source_file="",
                source_sha256="",
                locator=device.identity,
            )
        )
    return found
