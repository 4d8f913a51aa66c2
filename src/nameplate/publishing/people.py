"""Which suppliers may be named: organisations only. A sole trader is a person.

Showing is the exception that has to be earned: a name counts as an organisation's where it has a
company identifier, a legal form, a word that no person is called by, or where the catalogue knows
the firm. Everything else is withheld, and its purchase says so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

from rigour.names import remove_org_types

WITHHELD: Final = "not shown: it may be a person"
_NUMBERS: Final = frozenset({"GB-COH", "GB-CHC", "GB-SC", "GB-NIC", "GB-MPR", "XI-LEI", "GB-LAE"})
"""Identifier schemes that only organisations have (org-id.guide)."""
_LIST: Final = """
academy alarms associates association authority borough cameras cctv centre college
communications company constabulary consultancy consulting contractors corporation council
county department digital distribution electrical electronics engineering enterprises facilities
federation fire foundation global group holdings housing industries infrastructure installations
institute integrated international logistics maintenance management ministry monitoring national
networks nhs partnership police productions projects protection safety school security service
services society software solutions supplies supply surveillance systems technologies technology
telecom telecommunications trading trust uk university vision wholesale
"""
_WORDS: Final = frozenset(_LIST.split())
_TITLE: Final = re.compile(r"^\s*(mr|mrs|ms|miss|dr|prof|sir|rev)\b", re.IGNORECASE)
_TRADING: Final = re.compile(r"\b(?:t/a|t/as|trading\s+as)\b", re.IGNORECASE)


def is_organisation(
    name: str, identifiers: Iterable[str] = (), known: Collection[str] = ()
) -> bool:
    """Whether ``name`` may be published; ``known`` are case-folded names of the catalogue's firms.

    "J Smith t/a Safe Systems" is a person: what stands before "trading as" decides.
    """
    if any(item.split(":")[0].upper() in _NUMBERS for item in identifiers):
        return True
    if _TITLE.match(name):
        return False
    name = _TRADING.split(name)[0].strip()
    if name.casefold() in known:
        return True
    plain = re.sub(r"[^\w\s]", " ", name.casefold())
    if remove_org_types(plain).strip() != plain.strip():
        return True
    return any(word in _WORDS for word in plain.split())
