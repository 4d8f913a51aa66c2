"""OSCAL assessment results (1.2.3): the examination's answers as observations and findings.

Ids are name-based, times are the day asked for: the same estate gives the same bytes. Tests prove
the result with models generated from NIST's own JSON schema.
"""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Sequence
from typing import Any, Final

from nameplate import __version__
from nameplate.estate.examination import Answer
from nameplate.model.device import Device, Field

_NAMESPACE: Final = uuid.UUID("7f3c9d6e-8a55-5b0f-a3a1-6a6f6e7b2c41")
OSCAL_VERSION: Final = "1.2.3"
_SATISFIED: Final = {
    "inventory": "yes",
    "makers": "no",
    "exploited": "no",
    "updates": "yes",
    "exposure": "no",
    "support": "yes",
    "chips": "no",
}
"""The answer that satisfies each question's objective; an absence never does."""


def _id(*parts: str) -> str:
    # OSCAL takes version 4 and 5 identifiers; name-based ones repeat.
    return str(uuid.uuid5(_NAMESPACE, "|".join(parts)))


def results(
    devices: Sequence[Device], answers: Sequence[Answer], as_of: datetime.date, system: str
) -> str:
    """The assessment results as JSON; ``system`` names whose estate it is."""
    moment = datetime.datetime.combine(as_of, datetime.time(), datetime.UTC).isoformat()
    key = f"{system}|{as_of}|" + "|".join(sorted(d.device_id for d in devices))
    by_id = {device.device_id: device for device in devices}
    document = {
        "assessment-results": {
            "uuid": _id("results", key),
            "metadata": {
                "title": f"Security examination of the estate of {system}: what its devices show",
                "last-modified": moment,
                "version": as_of.isoformat(),
                "oscal-version": OSCAL_VERSION,
                "remarks": "Proposed answers, drawn from devices, for a person to confirm.",
            },
            "import-ap": {"href": "#" + _id("plan", system)},
            "results": [
                {
                    "uuid": _id("result", key),
                    "title": f"Devices as of {as_of}",
                    "description": f"{len(devices)} devices, examined by Nameplate {__version__}.",
                    "start": moment,
                    "reviewed-controls": {
                        "control-selections": [
                            {
                                "description": "Questions that devices can answer",
                                "include-controls": [
                                    {"control-id": f"nameplate-{a.key}"} for a in answers
                                ],
                            }
                        ]
                    },
                    "observations": [_observation(a, by_id, key, moment) for a in answers],
                    "findings": [_finding(a, key) for a in answers],
                }
            ],
            "back-matter": {
                "resources": [
                    {
                        "uuid": _id("plan", system),
                        "title": "Assessment plan",
                        "description": "The questions of the security examination.",
                    }
                ]
            },
        }
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _observation(
    answer: Answer, devices: dict[str, Device], key: str, moment: str
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "uuid": _id("observation", answer.key, key),
        "title": answer.question,
        "description": f"{answer.answer}: {answer.says}",
        "methods": ["EXAMINE"],
        "types": ["finding"],
        "collected": moment,
    }
    props = [
        {"name": "count", "class": name.replace(" ", "-"), "value": str(count)}
        for name, count in answer.counts.items()
    ]
    if props:
        found["props"] = props
    subjects = [
        {
            "subject-uuid": _id("device", device_id),
            "type": "inventory-item",
            "title": devices[device_id].get(Field.MODEL) or device_id,
        }
        for device_id in answer.devices
    ]
    if subjects:
        found["subjects"] = subjects
    return found


def _finding(answer: Answer, key: str) -> dict[str, Any]:
    satisfied = answer.answer == _SATISFIED[answer.key]
    return {
        "uuid": _id("finding", answer.key, key),
        "title": answer.question,
        "description": f"{answer.says}. Clauses: {'; '.join(answer.clauses)}.",
        "target": {
            "type": "objective-id",
            "target-id": f"nameplate-{answer.key}",
            "status": {
                "state": "satisfied" if satisfied else "not-satisfied",
                "remarks": "Proposed from devices; to be confirmed by a person.",
            },
        },
        "related-observations": [{"observation-uuid": _id("observation", answer.key, key)}],
    }
