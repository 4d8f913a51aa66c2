"""What tracing gives back for a purchase, and the shape of the function that gives it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from nameplate.model.attribution import Attribution
from nameplate.model.mention import Mention
from nameplate.model.purchase import Purchase, TradeKind


class Traced(msgspec.Struct, frozen=True, kw_only=True):
    """A purchase, what kind of purchase it is and why, and what it says of makers."""

    purchase: Purchase
    trade_kind: TradeKind
    trade_reason: str = ""
    mentions: tuple[Mention, ...] = ()
    attributions: tuple[Attribution, ...] = ()


class Judge(Protocol):
    """From a batch of purchases to what they say: pure, so that any process may run it."""

    def __call__(self, purchases: Sequence[Purchase]) -> list[Traced]:
        """Return one Traced for every purchase, in order."""
        ...
