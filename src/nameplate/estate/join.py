"""Devices and purchases brought together: which contract brought these cameras.

Evidence is weighed as elsewhere, as natural-log likelihood ratios: the purchase names the
device's model (4), its maker (2.5) or its badge (2); names its site (1.5); the supplier is the one
the register gives (2.5); the device was installed within two years of the purchase (1), or before
it (-4). A device and a purchase are linked from 3 upwards; they never are on the date alone.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from nameplate.estate.names import words_of
from nameplate.model.device import UNKNOWN_MAKER, Device, Field
from nameplate.model.purchase import Purchase
from nameplate.model.statement import Asserter, SourceRef, Statement, made

LINK_AT: Final = 3.0
_MODEL: Final = 4.0
_MAKER: Final = 2.5
_BADGE: Final = 2.0
_SITE: Final = 1.5
_SUPPLIER: Final = 2.5
_IN_TIME: Final = 1.0
_TOO_EARLY: Final = -4.0
_WINDOW: Final = datetime.timedelta(days=730)
_TOKEN: Final = re.compile(r"[a-z0-9]+(?:[-/][a-z0-9]+)*", re.IGNORECASE)
_MIN_MODEL: Final = 5


class Bought(msgspec.Struct, frozen=True, kw_only=True):
    """What of a purchase matters here: whose, when, from whom, its text, makers attributed."""

    purchase_id: str
    body: str
    date: datetime.date | None
    supplier: str
    text: str
    makers: tuple[str, ...] = ()


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A device and a purchase that may have brought it, with the evidence in sentences."""

    device_id: str
    purchase_id: str
    weight: float
    says: tuple[str, ...]


class Joined(msgspec.Struct, frozen=True, kw_only=True):
    """All links (the best first for each device), and what is left on either side.

    ``bought_not_found``: purchases attributed to a maker of which no device is on this estate.
    ``found_not_bought``: devices without a purchase. Neither says more than that: an estate may
    be only partly looked at, and a contract may be older than the records.
    """

    links: tuple[Link, ...]
    bought_not_found: tuple[str, ...]
    found_not_bought: tuple[str, ...]


def bought(purchase: Purchase, makers: Iterable[str]) -> Bought:
    """A purchase reduced to what the join asks of it."""
    text = " ".join([purchase.title, *(field.text for field in purchase.texts)])
    return Bought(
        purchase_id=purchase.purchase_id,
        body=purchase.body or "",
        date=purchase.date,
        supplier=purchase.supplier or "",
        text=text,
        makers=tuple(makers),
    )


def _installed(device: Device) -> datetime.date | None:
    from nameplate.tabular.dates import read_date

    text = device.get(Field.INSTALLED)
    return read_date(text) if text else None


def _stem(model: str) -> str:
    return re.sub(r"\(.*", "", model).strip().lower()


class _Index:
    """Purchases by the tokens of their text and by their makers, so that few are weighed."""

    def __init__(self, purchases: Sequence[Bought]) -> None:
        self.purchases = purchases
        self.words = [frozenset(words_of(p.text)) for p in purchases]
        self.tokens: dict[str, set[int]] = {}
        self.makers: dict[str, set[int]] = {}
        for at, purchase in enumerate(purchases):
            for token in _TOKEN.findall(purchase.text.lower()):
                if len(token) >= _MIN_MODEL and any(c.isdigit() for c in token):
                    self.tokens.setdefault(token, set()).add(at)
            for maker in purchase.makers:
                self.makers.setdefault(maker, set()).add(at)

    def candidates(self, device: Device) -> set[int]:
        model = _stem(device.get(Field.MODEL))
        found = set(self.tokens.get(model, ())) if len(model) >= _MIN_MODEL else set()
        found |= self.makers.get(device.maker, set())
        if device.brand:
            wanted = set(words_of(device.brand))
            found |= {at for at, words in enumerate(self.words) if wanted <= words}
        return found


def join(devices: Sequence[Device], purchases: Sequence[Bought]) -> Joined:
    """Link devices to purchases; both sides belong to one body (the caller sees to it)."""
    index = _Index(purchases)
    links: list[Link] = []
    orphans: list[str] = []
    for device in devices:
        found = [
            link
            for at in sorted(index.candidates(device))
            if (link := _link(device, purchases[at], index.words[at])) is not None
        ]
        found.sort(key=lambda item: (-item.weight, item.purchase_id))
        links += found
        if not found:
            orphans.append(device.device_id)
    here = {device.maker for device in devices if device.maker != UNKNOWN_MAKER}
    missing = [p.purchase_id for p in purchases if p.makers and not here.intersection(p.makers)]
    return Joined(
        links=tuple(links),
        bought_not_found=tuple(sorted(missing)),
        found_not_bought=tuple(sorted(orphans)),
    )


def _link(device: Device, purchase: Bought, words: frozenset[str]) -> Link | None:
    weight = 0.0
    says: list[str] = []

    def add(amount: float, sentence: str) -> None:
        nonlocal weight
        weight += amount
        says.append(sentence)

    model = _stem(device.get(Field.MODEL))
    tokens = set(_TOKEN.findall(purchase.text.lower()))
    if len(model) >= _MIN_MODEL and model in tokens:
        add(_MODEL, f"the purchase names the model {model.upper()}")
    if device.maker in purchase.makers:
        add(_MAKER, f"the purchase is attributed to {device.maker}")
    if device.brand and set(words_of(device.brand)) <= words:
        add(_BADGE, f"the purchase names the badge {device.brand}")
    if not says:
        return None
    site = [w for w in words_of(device.get(Field.SITE)) if len(w) > 3]
    if site and all(w in words for w in site):
        add(_SITE, f"the purchase names the site {device.get(Field.SITE)}")
    supplier = [w for w in words_of(device.get(Field.SUPPLIER)) if w not in ("ltd", "limited")]
    if supplier and set(supplier) <= set(words_of(purchase.supplier)):
        add(_SUPPLIER, f"the register gives the same supplier, {purchase.supplier}")
    installed = _installed(device)
    if installed and purchase.date:
        if purchase.date <= installed <= purchase.date + _WINDOW:
            add(_IN_TIME, f"installed on {installed}, within two years of {purchase.date}")
        elif installed < purchase.date:
            add(_TOO_EARLY, f"installed on {installed}, before the purchase of {purchase.date}")
    if weight < LINK_AT:
        return None
    return Link(
        device_id=device.device_id,
        purchase_id=purchase.purchase_id,
        weight=round(weight, 2),
        says=tuple(says),
    )


def statements(joined: Joined, devices: Iterable[Device]) -> list[Statement]:
    """What the devices say of the purchases that brought them, for attributions to be derived
    again: one statement a purchase and maker, asserted by the equipment (grade ``observed``)."""
    by_id = {device.device_id: device for device in devices}
    best: dict[str, Link] = {}
    for link in joined.links:
        best.setdefault(link.device_id, link)
    counted: dict[tuple[str, str], list[Link]] = {}
    for link in best.values():
        device = by_id[link.device_id]
        if device.maker_key:
            counted.setdefault((link.purchase_id, device.maker_key), []).append(link)
    found = []
    for (purchase_id, maker), links in sorted(counted.items()):
        device = by_id[links[0].device_id]
        found.append(
            made(
                Statement(
                    statement_id="",
                    subject=purchase_id,
                    predicate="equipment_maker",
                    value={"maker": maker, "role": "supplied", "devices": len(links)},
                    source=SourceRef(title="the estate's devices", locator=device.device_id),
                    asserter=Asserter.DEVICE,
                    asserted_by=f"{len(links)} devices on the estate linked to it",
                    observed=device.last_seen,
                    reason="; ".join(links[0].says),
                )
            )
        )
    return found
