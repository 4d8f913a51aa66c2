"""Which body a table belongs to where its rows do not say: the option, else the path.

Order: a body column in the row, the option the user gave, the path. A name in a path counts only
where it says what it is (``Babergh District Council.xlsx``); a bare place name (``hyndburn/``) is
resolved by the catalogue's list of bodies, which calls what fits two bodies ambiguous.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Final


def _known(name: str) -> str | None:
    """The bundled body that the path names, if it names one and no other."""
    from nameplate.catalogue.bodies_names import body_from_path

    body = body_from_path(name).body
    return body.name if body else None


RESOLVERS: Final[list[Callable[[str], str | None]]] = [_known]
"""Asked in order with the source's name; the first answer counts. Whoever starts a run may add a
resolver with a list of bodies of its own; each must be pure."""
_TITLE: Final = re.compile(
    r"\b((?:[A-Z][\w'&.]*|and|of|the|upon|on|for|in|with)(?: |$)){1,8}?"
    r"(?:Council|Police|Constabulary|Fire Authority|NHS Trust|Foundation Trust|University|Corporation)\b"  # noqa: E501
    r"(?: of (?:[A-Z][\w'.]*(?: |$))+)?"
)


def body_of(source_name: str, option: str | None) -> tuple[str | None, str]:
    """The body's name and where it was taken from (``option`` or ``path``)."""
    if option:
        return option, "option"
    for resolver in RESOLVERS:
        if found := resolver(source_name):
            return found, "path"
    for part in reversed(PurePosixPath(source_name.replace("!", "/")).parts):
        stem = re.sub(r"\.\w{2,4}$", "", part)
        if match := _TITLE.search(re.sub(r"[_-]+", " ", stem)):
            return match.group().strip(), "path"
    return None, "unknown"
