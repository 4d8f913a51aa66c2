"""Whether a passage concerns video surveillance for a body, and which names only look like it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from nameplate.model.mention import Mention

_WORD: Final = re.compile(
    r"(?i)(?<![\w])(?:cc\s?tv(?:rn|\d+)?|cctvs?|video[\s-]surveillance|surveillance\s+(?:camera|system|equipment|technology|suppl)\w*|public\s+space\s+(?:camera|surveillance)\w*|(?:security|ip|dome|ptz|bullet|turret|custody|body[\s-]?worn|"
    r"on-train|in-cab|cab|bus|dash|enforcement|anpr|network|covert|drone|building|station|internal|analogue|hikvision|dahua|stairwell|platform|traffic|wifi|multi-?sensor)\s+(?:video\s+)?(?:camera|carnera|recorder|cam)s?|body[\s-]worn|bwv|anpr|nvrs?|dvrs?|"
    r"number\s+plate\s+recognition|camera\s+(?:system|scheme|network|brand|maker|manufacturer|make)s?|cameras?|carneras?|recorders|encoders?|video\s+equipment|imaging|video\s+management|vms|ptz|domes\b)(?![\w])"
)
_CCTV_IN_CODE: Final = re.compile(r"\b\d{5,}CCTV\b")
_DRAIN: Final = re.compile(
    r"(?i)\b(?:drain\w*|sewer\w*|gull(?:y|ies)|culvert\w*|manhole\w*|foul|pipe(?:s|line|work)?|crawler|wrc)\b"
)
_TRAINING: Final = re.compile(
    r"(?i)\bcctv\s+training|training\s+academy|qualification\s+training|cctv\s+(?:stationery|stickers|signs?\s+only)|\bFWT\b|\bfixed\s+wir(?:e|ing)\b"
)
_DENIED: Final = re.compile(
    r"(?i)\b(?:no|not|without|lacks?|neither)\b[^.;]{0,30}\b(?:cctv|cameras?)\b(?:\s+(?:capabilit\w+|system|coverage|cameras))?"
)
_NON_VIDEO: Final = re.compile(
    r"(?i)\b(?:television|tv\b|dishwasher|boiler|laptops?|toughbook|trv|drill|solar|heating|projector|washing\s+machine|fridge|microwave|flooring|printing|radio[s]?\b|motion\s+capture|data\s+match|two.way)"
)


def is_cctv(
    text: str, mentions: Sequence[Mention], kind: str = "", body: str = "", title: str = ""
) -> bool:
    """Whether the passage concerns video surveillance equipment, its upkeep or monitoring."""
    whole = f"{title}\n{text}" if kind not in {"spend"} else text
    cleaned = _CCTV_IN_CODE.sub(" ", whole)
    words = list(_WORD.finditer(cleaned))
    if kind in {"foi_response", "foi_request"}:
        radios = re.search(r"(?i)\b(?:two.way )?radios?\b", text) and not words
        return not radios
    if not words:
        video = [m for m in mentions if m.maker not in {"Hytera", "Huawei", "ZTE"}]
        return (
            bool(video)
            and not _NON_VIDEO.search(text)
            and (kind != "policy_or_news" or bool(body))
            and not (kind == "spend" and all(m.role.value == "other" for m in mentions))
        )
    if _TRAINING.search(cleaned):
        return False
    if _DRAIN.search(cleaned) and re.search(r"(?i)\bcctv\b", cleaned) and not mentions:
        surveys = re.search(
            r"(?i)\b(?:drain|sewer|gull)\w*\b[^.;|]{0,60}\bcctv\b|\bcctv\b[^.;|]{0,40}\b(?:survey|inspection|drain|sewer|condition)\w*|\bdrain\s+services",
            cleaned,
        )
        other = re.search(
            r"(?i)\bcctv\s+(?:camera|system|and\s+fire|monitoring\s+(?:service|suite)|upgrade|maintenance|control)",
            cleaned,
        )
        if surveys and not (other and kind != "spend"):
            return False
    if len(words) == 1 and _DENIED.search(cleaned) and not mentions:
        return False
    if re.search(r"(?i)\bhas no cctv\b|\bno cctv\b[^.]{0,40}\bplanned", cleaned) and not mentions:
        return False
    if not body and kind in {"policy_or_news", "supplier_page"}:
        particular = re.search(
            r"(?i)\b(?:a|the|one)\s+(?:county|borough|council|city|force|school|district|university)\b|\bnext\s+door\b|\bwe\s+supply\b|\bcustomer",
            text,
        )
        return bool(particular)
    return True


def lookalikes_of(text: str, rejected: Sequence[str], cctv: bool) -> list[str]:
    """Strings that a careless matcher would take for a maker, or for CCTV equipment."""
    out = list(dict.fromkeys(rejected))
    if not cctv:
        match = re.search(r"(?i)\bcctv\b", text)
        if match:
            out.append(match.group())
    return out
