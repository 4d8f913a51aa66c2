"""CSAF 2.0 advisories: product trees, and which products each vulnerability affects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from nameplate.estate.feeds.base import day, dicts, text, vendor_key
from nameplate.estate.vulns.ranges import parse_range
from nameplate.estate.vulns.schema import Affected, Cvss, Known, Range

_MAX_DEPTH: Final = 20


class _Product(msgspec.Struct, frozen=True):
    vendor: str
    name: str
    version: str


def is_csaf(document: object) -> bool:
    """Whether a JSON document is a CSAF advisory."""
    if not isinstance(document, dict) or not isinstance(document.get("document"), dict):
        return False
    return "csaf_version" in document["document"]


def read(document: dict[str, Any]) -> Iterator[Known]:
    """Records of an advisory's vulnerabilities that name a product of a known maker."""
    head = document["document"]
    tracking = head.get("tracking") if isinstance(head.get("tracking"), dict) else {}
    name = text(tracking.get("id")) or "advisory"
    source = f"advisory {name}"
    products: dict[str, _Product] = {}
    tree = document.get("product_tree")
    if isinstance(tree, dict):
        _walk(tree, _Product("", "", ""), products, 0)
        _combined(tree, products)
    url = next((text(r.get("url")) for r in dicts(head.get("references")) if r.get("url")), "")
    for item in dicts(document.get("vulnerabilities")):
        cve = text(item.get("cve"))
        affected = tuple(_affected(item, products, source))
        if cve and affected:
            yield Known(
                cve=cve,
                source=source,
                title=text(head.get("title"))[:200],
                published=day(tracking.get("current_release_date")),
                affected=affected,
                cvss=tuple(_scores(item, source)),
                url=url,
            )


def _walk(node: dict[str, Any], above: _Product, products: dict[str, _Product], depth: int) -> None:
    if depth > _MAX_DEPTH:
        return
    category, label = text(node.get("category")), text(node.get("name"))
    if category == "vendor":
        above = _Product(label, above.name, above.version)
    elif category in ("product_name", "product_family"):
        above = _Product(above.vendor, label, above.version)
    elif category in ("product_version", "product_version_range"):
        above = _Product(above.vendor, above.name, label)
    product = node.get("product")
    if isinstance(product, dict) and (key := text(product.get("product_id"))):
        name = above.name or text(product.get("name"))
        products[key] = _Product(above.vendor, name, above.version)
    for branch in dicts(node.get("branches")):
        _walk(branch, above, products, depth + 1)
    for full in dicts(node.get("full_product_names")):
        name = text(full.get("name"))
        products[text(full.get("product_id"))] = _Product(above.vendor, name, "")


def _combined(tree: dict[str, Any], products: dict[str, _Product]) -> None:
    """Name what ``relationships`` combine: hardware with the firmware installed on it."""
    for relation in dicts(tree.get("relationships")):
        full = relation.get("full_product_name")
        base = products.get(text(relation.get("relates_to_product_reference")))
        part = products.get(text(relation.get("product_reference")))
        if isinstance(full, dict) and base is not None and part is not None:
            products[text(full.get("product_id"))] = _Product(
                base.vendor or part.vendor, base.name, part.version or part.name
            )


def _affected(
    item: dict[str, Any], products: dict[str, _Product], source: str
) -> Iterator[Affected]:
    status = item.get("product_status")
    if not isinstance(status, dict):
        return
    ids = status.get("known_affected")
    grouped: dict[tuple[str, str], list[Range]] = {}
    for key in ids if isinstance(ids, list) else []:
        product = products.get(key) if isinstance(key, str) else None
        if product is None:
            continue
        vendor = vendor_key(product.vendor, product.name)
        if not vendor:
            continue
        name = product.name
        ranges = list(parse_range(product.version))
        if not ranges and product.version and _is_model(product.version):
            name = product.version
        name = name.strip().removesuffix("and").rstrip(", ")
        grouped.setdefault((vendor, name), []).extend(ranges)
    for (vendor, name), ranges in grouped.items():
        yield Affected(source=source, vendor=vendor, products=(name,), ranges=tuple(ranges))


def _is_model(text_: str) -> bool:
    return "-" in text_ and any(c.isalpha() for c in text_) and any(c.isdigit() for c in text_)


def _scores(item: dict[str, Any], source: str) -> Iterator[Cvss]:
    seen: set[str] = set()
    for score in dicts(item.get("scores")):
        for name in ("cvss_v4", "cvss_v3"):
            body = score.get(name)
            if isinstance(body, dict) and (vector := text(body.get("vectorString"))):
                if vector in seen:
                    continue
                seen.add(vector)
                base = body.get("baseScore")
                yield Cvss(
                    version=text(body.get("version")),
                    vector=vector,
                    score=float(base) if isinstance(base, int | float) else None,
                    source=source,
                )
