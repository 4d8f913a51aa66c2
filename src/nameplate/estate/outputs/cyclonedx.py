"""CycloneDX 1.6: devices as hardware components, firmware inside them, findings as VEX.

Written with the format's own library, which proves the result against the official schema.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from nameplate.estate.report import chips_of
from nameplate.estate.vulns.schema import Finding, Status
from nameplate.model.device import UNKNOWN_MAKER, Device, Field
from nameplate.model.errors import StoreError

_NAMESPACE: Final = uuid.UUID("5f0f8f58-3b53-5f0e-9d5c-0c6a1e6f5a10")
"""Fixed, so that the same estate gives the same serial numbers."""
_PROPERTIES: Final = {
    Field.SERIAL: "nameplate:serial",
    Field.ADDRESS: "nameplate:address",
    Field.SITE: "nameplate:site",
    Field.LOCATION: "nameplate:location",
    Field.NAME: "nameplate:name",
    Field.HOSTNAME: "nameplate:hostname",
    Field.INSTALLED: "nameplate:installed",
    Field.EXPOSURE: "nameplate:exposure",
    Field.FIRMWARE: "nameplate:firmware",
    Field.MANUFACTURER: "nameplate:manufacturer",
}


def bill(
    devices: Sequence[Device],
    findings: dict[str, tuple[Finding, ...]],
    as_of: datetime.date,
) -> str:
    """The bill of materials as JSON; raises StoreError where the schema would refuse it.

    Addresses and places are in it: it is for the organisation, never for publication.
    """
    from cyclonedx.model.bom import Bom
    from cyclonedx.output import make_outputter
    from cyclonedx.schema import OutputFormat, SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    bom = Bom(
        serial_number=uuid.uuid5(_NAMESPACE, "|".join(sorted(d.device_id for d in devices))),
        components=[_component(device) for device in devices],
        vulnerabilities=list(_vulnerabilities(devices, findings)),
    )
    bom.metadata.timestamp = datetime.datetime.combine(as_of, datetime.time(), datetime.UTC)
    text: str = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(
        indent=2
    )
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if fault is not None:
        raise StoreError(f"the bill of materials does not fit CycloneDX 1.6 ({fault})")
    return text + "\n"


def _component(device: Device) -> Any:
    from cyclonedx.model import Property
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.model.contact import OrganizationalEntity

    firmware = device.get(Field.FIRMWARE)
    inside = (
        [
            Component(
                type=ComponentType.FIRMWARE,
                name="firmware",
                version=firmware,
                bom_ref=f"{device.device_id}-firmware",
            )
        ]
        if firmware
        else []
    )
    properties = [
        Property(name=name, value=device.get(field))
        for field, name in _PROPERTIES.items()
        if device.get(field)
    ]
    properties += [Property(name="nameplate:mac", value=mac) for mac in device.macs]
    properties += [
        Property(name="nameplate:maker-confidence", value=f"{device.confidence:.4f}"),
        Property(name="nameplate:maker-band", value=device.band or "no evidence"),
    ]
    properties += [
        Property(name="nameplate:chip-claimed", value=f"{c.chip} ({c.chip_maker})")
        for c in chips_of(device)
    ]
    if device.brand:
        properties.append(Property(name="nameplate:badge", value=device.brand))
    named = device.maker != UNKNOWN_MAKER
    return Component(
        type=ComponentType.DEVICE,
        name=device.get(Field.MODEL) or "unknown model",
        bom_ref=device.device_id,
        manufacturer=OrganizationalEntity(name=device.maker) if named else None,
        components=inside,
        properties=properties,
    )


def _vulnerabilities(
    devices: Sequence[Device], findings: dict[str, tuple[Finding, ...]]
) -> list[Any]:
    """One entry a vulnerability, state and reasons: VEX binds all devices that share them."""
    from cyclonedx.model import XsUri
    from cyclonedx.model.impact_analysis import ImpactAnalysisState
    from cyclonedx.model.vulnerability import (
        BomTarget,
        Vulnerability,
        VulnerabilityAnalysis,
        VulnerabilitySource,
    )

    states = {
        Status.AFFECTED: ImpactAnalysisState.EXPLOITABLE,
        Status.NOT_AFFECTED: ImpactAnalysisState.NOT_AFFECTED,
        Status.RANGE_UNKNOWN: ImpactAnalysisState.IN_TRIAGE,
        Status.UNKNOWN: ImpactAnalysisState.IN_TRIAGE,
    }
    grouped: dict[tuple[str, str, str], tuple[Finding, list[str]]] = {}
    for device in devices:
        for finding in findings.get(device.device_id, ()):
            why = "\n".join(f"{v.status}: {v.why}" for v in finding.verdicts)
            key = (finding.cve, finding.status.value, why)
            grouped.setdefault(key, (finding, []))[1].append(device.device_id)
    found = []
    for (cve, status, why), (finding, ids) in sorted(grouped.items()):
        name = uuid.uuid5(_NAMESPACE, f"{cve}|{status}|{why}")
        found.append(
            Vulnerability(
                bom_ref=f"vulnerability-{name}",
                id=cve,
                source=VulnerabilitySource(
                    name="CVE", url=XsUri(f"https://www.cve.org/CVERecord?id={cve}")
                ),
                ratings=_ratings(finding),
                description=finding.title or None,
                analysis=VulnerabilityAnalysis(state=states[finding.status], detail=why),
                affects=[BomTarget(ref=ref) for ref in ids],
                properties=_extra(finding),
            )
        )
    return found


def _ratings(finding: Finding) -> list[Any]:
    from cyclonedx.model.vulnerability import (
        VulnerabilityRating,
        VulnerabilityScoreSource,
        VulnerabilitySource,
    )

    methods = {
        "4.0": VulnerabilityScoreSource.CVSS_V4,
        "3.1": VulnerabilityScoreSource.CVSS_V3_1,
        "3.0": VulnerabilityScoreSource.CVSS_V3,
    }
    return [
        VulnerabilityRating(
            source=VulnerabilitySource(name=c.source),
            score=Decimal(str(c.score)) if c.score is not None else None,
            method=methods.get(c.version, VulnerabilityScoreSource.OTHER),
            vector=c.vector or None,
        )
        for c in finding.cvss
    ]


def _extra(finding: Finding) -> list[Any]:
    from cyclonedx.model import Property

    found = []
    if finding.kev_added:
        found.append(Property(name="nameplate:known-exploited-since", value=finding.kev_added))
    if finding.epss is not None:
        value = f"{finding.epss:.5f} on {finding.epss_day}"
        found.append(Property(name="nameplate:epss", value=value))
    if finding.disagreement:
        found.append(Property(name="nameplate:sources-disagree", value="true"))
    return found
