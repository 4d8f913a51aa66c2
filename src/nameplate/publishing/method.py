"""The method as the code has it: grades, weights, thresholds. Nothing here is typed in twice."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from nameplate.model.attribution import CONFIRMED_GRADES, Grade
from nameplate.model.mention import ATTRIBUTING_ROLES
from nameplate.model.wording import GRADE_WORDING
from nameplate.publishing.project import MIN_SUPPLIERS
from nameplate.tracing import weigh


def method(run: dict[str, Any]) -> dict[str, Any]:
    """What decides, as numbers and sentences; ``version`` is a hash of all of it."""
    described: dict[str, Any] = {
        "grades": [
            {
                "grade": grade.value,
                "wording": GRADE_WORDING[grade],
                "confirmed": grade in CONFIRMED_GRADES,
            }
            for grade in Grade
        ],
        "roles": sorted(str(role.value) for role in ATTRIBUTING_ROLES),
        "weights": {
            "the maker's name in the record": weigh.NAME,
            "an ambiguous name beside a word of the trade": weigh.NAME_IN_CONTEXT,
            "a spelling one letter off": weigh.SLIP,
            "the supplier bears the maker's name": weigh.OWN_COMPANY,
            "a record that reads as no surveillance purchase": weigh.NOT_TRADE,
            "equipment identifies itself": weigh.OBSERVED,
            **{f"said by: {who.value}": weight for who, weight in weigh.STATED.items()},
            **{f"the supplier is a known {role}": w for role, w in weigh.DISTRIBUTOR_ROLE.items()},
        },
        "thresholds": dict(sorted(run["thresholds"].items())),
        "calibrated": weigh.LABELLED_RECORDS >= weigh.CALIBRATED_FROM,
        "labelled_records": weigh.LABELLED_RECORDS,
        "calibrated_from": weigh.CALIBRATED_FROM,
        "min_suppliers": MIN_SUPPLIERS,
    }
    raw = json.dumps(described, sort_keys=True).encode()
    return {**described, "version": hashlib.sha256(raw).hexdigest()[:16]}
