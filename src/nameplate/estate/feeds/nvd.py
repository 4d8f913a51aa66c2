"""NVD's JSON (API 2.0 and its yearly files): configurations of CPE names with ranges."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from nameplate.estate.feeds.base import day, dicts, text, vendor_key
from nameplate.estate.vulns.schema import Affected, Cvss, Known, Range

_SOURCE: Final = "NVD"
_SPLIT: Final = re.compile(r"(?<!\\):")


def is_nvd(document: object) -> bool:
    """Whether a JSON document is an answer or a file of NVD's in version 2.0."""
    return isinstance(document, dict) and (
        text(document.get("format")).startswith("NVD_CVE")
        or ("vulnerabilities" in document and "resultsPerPage" in document)
        or ("cve_items" in document)
    )


def read(document: dict[str, Any]) -> Iterator[Known]:
    """Records of all vulnerabilities that name a product of a known maker."""
    items = dicts(document.get("vulnerabilities")) or dicts(document.get("cve_items"))
    for item in items:
        cve = item.get("cve") if isinstance(item.get("cve"), dict) else item
        if isinstance(cve, dict) and (record := _record(cve)) is not None:
            yield record


def _record(cve: dict[str, Any]) -> Known | None:
    affected: dict[tuple[str, str], list[Range]] = {}
    for config in dicts(cve.get("configurations")):
        for node in dicts(config.get("nodes")):
            for match in dicts(node.get("cpeMatch")):
                if match.get("vulnerable") is True:
                    _add(affected, match)
    if not affected:
        return None
    return Known(
        cve=text(cve.get("id")),
        source=_SOURCE,
        published=day(cve.get("published")),
        affected=tuple(
            Affected(
                source=_SOURCE,
                vendor=vendor,
                products=(product,),
                ranges=tuple(r for r in ranges if not r.is_unknown),
                whole_system=product.startswith("axis_os"),
            )
            for (vendor, product), ranges in affected.items()
        ),
        cvss=tuple(_scores(cve)),
        kev_added=day(cve.get("cisaExploitAdd")),
        kev_due=day(cve.get("cisaActionDue")),
        url=f"https://nvd.nist.gov/vuln/detail/{text(cve.get('id'))}",
    )


def _add(affected: dict[tuple[str, str], list[Range]], match: dict[str, Any]) -> None:
    parts = _SPLIT.split(text(match.get("criteria")))
    if len(parts) < 6:
        return
    vendor, product, version = parts[3], parts[4].replace("\\", ""), parts[5].replace("\\", "")
    key = vendor_key(vendor)
    if not key:
        return
    low = text(match.get("versionStartIncluding")) or text(match.get("versionStartExcluding"))
    high = text(match.get("versionEndExcluding")) or text(match.get("versionEndIncluding"))
    if low or high:
        found = Range(
            low=low,
            low_included="versionStartExcluding" not in match,
            high=high,
            high_included="versionEndIncluding" in match,
        )
    elif version == "*":
        found = Range(everything=True)
    elif version == "-":
        found = Range()
    else:
        found = Range(low=version, high=version, high_included=True)
    name = product.removesuffix("_firmware")
    affected.setdefault((key, name), []).append(found)


def _scores(cve: dict[str, Any]) -> Iterator[Cvss]:
    metrics = cve.get("metrics")
    if not isinstance(metrics, dict):
        return
    for name, version in (
        ("cvssMetricV40", "4.0"),
        ("cvssMetricV31", "3.1"),
        ("cvssMetricV30", "3.0"),
    ):
        for metric in dicts(metrics.get(name)):
            data = metric.get("cvssData")
            if isinstance(data, dict):
                score = data.get("baseScore")
                yield Cvss(
                    version=version,
                    vector=text(data.get("vectorString")),
                    score=float(score) if isinstance(score, int | float) else None,
                    source=text(metric.get("source")) or _SOURCE,
                )
