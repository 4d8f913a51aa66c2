"""Merges releases of one ocid into a compiled release, by the standard's own rules.

The merging is ocdsmerge's. It would fetch the release schema over the network to learn which
members have a rule of their own; the rules that follow from the schemas of OCDS 1.0.3 and 1.1.4
are written down here instead (https://standard.open-contracting.org/latest/en/schema/merging/).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any, Final

from ocdsmerge.exceptions import DuplicateIdValueWarning, OCDSMergeError
from ocdsmerge.flatten import MergeStrategy
from ocdsmerge.merge import CompiledRelease

from nameplate.sources.ocds_profile import objects

Rules = dict[tuple[str, ...], str]
Release = dict[str, Any]

_OMIT: Final = ("id", "date", "tag")
_WHOLE_BOTH: Final = (
    "awards.amendment.changes",
    "awards.items.additionalClassifications",
    "buyer.additionalIdentifiers",
    "contracts.amendment.changes",
    "contracts.items.additionalClassifications",
    "tender.amendment.changes",
    "tender.items.additionalClassifications",
    "tender.procuringEntity.additionalIdentifiers",
    "tender.submissionMethod",
)
_WHOLE_1_0: Final = ("awards.suppliers", "tender.tenderers")
_WHOLE_1_1: Final = (
    "awards.amendments.changes",
    "awards.suppliers.additionalIdentifiers",
    "contracts.amendments.changes",
    "contracts.implementation.transactions.payee.additionalIdentifiers",
    "contracts.implementation.transactions.payer.additionalIdentifiers",
    "contracts.relatedProcesses.relationship",
    "parties.additionalIdentifiers",
    "parties.roles",
    "relatedProcesses.relationship",
    "tender.additionalProcurementCategories",
    "tender.amendments.changes",
    "tender.tenderers.additionalIdentifiers",
)


def merge_rules(version: str = "1.1") -> Rules:
    """Rules as ocdsmerge takes them: path → ``omitWhenMerged`` or ``wholeListMerge``."""
    old = version.startswith("1.0")
    rules: Rules = {(name,): "omitWhenMerged" for name in _OMIT}
    if old:
        rules["ocid",] = "omitWhenMerged"
    for path in (*_WHOLE_BOTH, *(_WHOLE_1_0 if old else _WHOLE_1_1)):
        rules[tuple(path.split("."))] = "wholeListMerge"
    return rules


def looks_old(releases: Iterable[Release]) -> bool:
    """Whether releases are of OCDS 1.0, which has no ``parties`` and puts suppliers in awards."""
    return not any("parties" in release for release in releases)


class Compilation:
    """Releases of one ocid, appended in the order of their dates.

    ``problems`` collects what could not be merged as published, in plain words.
    """

    def __init__(self, *, old: bool, by_position: bool = False) -> None:
        overrides = (
            {(name,): MergeStrategy.MERGE_BY_POSITION for name in ("awards", "contracts")}
            if by_position
            else {}
        )
        self._merged = CompiledRelease(
            merge_rules=merge_rules("1.0" if old else "1.1"), rule_overrides=overrides
        )
        self.problems: list[str] = []

    def append(self, release: Release) -> None:
        """Merge one more release."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", DuplicateIdValueWarning)
            self._merged.append(release)
        self.problems.extend(
            str(w.message) for w in caught if issubclass(w.category, DuplicateIdValueWarning)
        )

    def result(self) -> Release:
        """The compiled release; raises OCDSMergeError where releases contradict in type."""
        compiled: Release = self._merged.asdict()
        return compiled


def nameless_awards(release: Release) -> bool:
    """Whether an award or contract has no id, so that only its position identifies it."""
    return any(
        item.get("id") in (None, "")
        for name in ("awards", "contracts")
        for item in objects(release.get(name))
    )


def is_versioned(release: Release) -> bool:
    """Whether this is a versioned release, in which each value is a list of its versions."""
    tag = release.get("tag", release.get("initiationType"))
    return (
        isinstance(tag, list) and bool(tag) and isinstance(tag[0], dict) and "releaseDate" in tag[0]
    )


def latest_of(value: Any) -> Any:
    """The newest value of everything in a versioned release: the compiled release it stands for."""
    if isinstance(value, list):
        if value and all(
            isinstance(v, dict) and "releaseDate" in v and "value" in v for v in value
        ):
            return value[-1]["value"]
        return [latest_of(item) for item in value]
    if isinstance(value, dict):
        return {key: latest_of(item) for key, item in value.items()}
    return value


__all__ = [
    "Compilation",
    "OCDSMergeError",
    "Release",
    "is_versioned",
    "latest_of",
    "looks_old",
    "merge_rules",
    "nameless_awards",
]
