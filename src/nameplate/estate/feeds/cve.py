"""CVE records (JSON 5.x): what the numbering authority and the added containers say."""

from __future__ import annotations

from typing import Any

from nameplate.estate.feeds.base import day, dicts, text, vendor_key
from nameplate.estate.vulns.ranges import parse_range
from nameplate.estate.vulns.schema import Affected, Cvss, Known, Range


def is_cve(document: object) -> bool:
    """Whether a JSON document is a CVE record."""
    return isinstance(document, dict) and document.get("dataType") == "CVE_RECORD"


def read(document: dict[str, Any]) -> list[Known]:
    """Records of one CVE, one a container that names a product of a known maker."""
    meta = document.get("cveMetadata")
    cve = text(meta.get("cveId")) if isinstance(meta, dict) else ""
    published = day(meta.get("datePublished")) if isinstance(meta, dict) else ""
    containers = document.get("containers")
    if not cve or not isinstance(containers, dict):
        return []
    found = []
    cna = containers.get("cna")
    parts = [("CNA", cna)] if isinstance(cna, dict) else []
    parts += [("", adp) for adp in dicts(containers.get("adp"))]
    for label, container in parts:
        provider = container.get("providerMetadata")
        short = text(provider.get("shortName")) if isinstance(provider, dict) else ""
        source = f"{label} {short}".strip() if label else (short or "ADP")
        affected = tuple(_affected(container, source))
        scores = tuple(_scores(container, source))
        if affected or scores:
            found.append(
                Known(
                    cve=cve,
                    source=source,
                    title=text(container.get("title"))[:200] if label else "",
                    published=published,
                    affected=affected,
                    cvss=scores,
                    kev_added=_kev(container),
                    url=f"https://www.cve.org/CVERecord?id={cve}",
                )
            )
    return found if any(r.affected for r in found) else []


def _affected(container: dict[str, Any], source: str) -> list[Affected]:
    found = []
    for item in dicts(container.get("affected")):
        vendor, product = text(item.get("vendor")), text(item.get("product"))
        key = vendor_key(vendor, product)
        if not key:
            continue
        affected: list[Range] = []
        unaffected: list[Range] = []
        spoken: list[str] = []
        for version in dicts(item.get("versions")):
            ranges = _ranges(version)
            if text(version.get("status")) == "affected":
                affected += ranges
                spoken.append(text(version.get("version")))
            elif text(version.get("status")) == "unaffected":
                unaffected += ranges
        products = _products(product, vendor, spoken)
        if not products:
            continue
        whole = product.strip().lower().replace("_", " ").startswith("axis os")
        found.append(
            Affected(
                source=source,
                vendor=key,
                products=products,
                ranges=tuple(affected),
                unaffected=tuple(unaffected),
                whole_system=whole,
                says="; ".join(spoken)[:500],
            )
        )
    return found


def _products(product: str, vendor: str, spoken: list[str]) -> tuple[str, ...]:
    if product.strip().lower() in ("", "n/a"):
        return ()
    if product.lower().startswith(("some ", "multiple ", "various ")):
        return ("*",)
    name = product.replace("_firmware", "").replace(" firmware", "")
    if vendor.lower() not in ("", "n/a") and " and " in name and "series" not in name.lower():
        return tuple(part.strip() for part in name.split(" and ") if part.strip())
    return tuple(part.strip() for part in name.split(",") if part.strip()) or tuple(spoken[:1])


def _ranges(version: dict[str, Any]) -> list[Range]:
    low = text(version.get("version")).strip()
    under, up_to = text(version.get("lessThan")), text(version.get("lessThanOrEqual"))
    high = (under or up_to).split("\t")[0].strip()
    if high == "*":
        return [Range(low=low, text=low)] if low not in ("0", "*") else [Range(everything=True)]
    if high:
        base = "" if low in ("0", "*", "unspecified", "n/a") or ".X" in low else low
        return [Range(low=base, high=high, high_included=not under, text=f"{low} to {high}")]
    return list(parse_range(low))


def _scores(container: dict[str, Any], source: str) -> list[Cvss]:
    found = []
    for metric in dicts(container.get("metrics")):
        for name, version in (
            ("cvssV4_0", "4.0"),
            ("cvssV3_1", "3.1"),
            ("cvssV3_0", "3.0"),
        ):
            body = metric.get(name)
            if isinstance(body, dict) and text(body.get("vectorString")):
                score = body.get("baseScore")
                found.append(
                    Cvss(
                        version=version,
                        vector=text(body.get("vectorString")),
                        score=float(score) if isinstance(score, int | float) else None,
                        source=source,
                    )
                )
    return found


def _kev(container: dict[str, Any]) -> str:
    for metric in dicts(container.get("metrics")):
        other = metric.get("other")
        if isinstance(other, dict) and other.get("type") == "kev":
            content = other.get("content")
            if isinstance(content, dict):
                return day(content.get("dateAdded"))
    return ""
