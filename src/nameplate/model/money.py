"""Money: a Decimal with a currency, never summed across kinds that differ."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import msgspec

from nameplate.model.errors import NameplateError


class AmountKind(StrEnum):
    """What a sum of money measures. A contract's value and payments under it never add up."""

    NOTICE_ESTIMATE = "notice_estimate"
    AWARD = "award"
    CONTRACT = "contract"
    PAYMENT = "payment"


class TaxBasis(StrEnum):
    """Whether a sum includes value added tax."""

    NET = "net"
    GROSS = "gross"
    UNKNOWN = "unknown"


class Money(msgspec.Struct, frozen=True):
    """An amount in a currency (ISO 4217 code, upper case), of a kind, net or gross."""

    amount: Decimal
    currency: str
    kind: AmountKind
    tax: TaxBasis = TaxBasis.UNKNOWN

    def __add__(self, other: Money) -> Money:
        """Add two sums of one currency, kind and basis; raises NameplateError otherwise."""
        if (self.currency, self.kind, self.tax) != (other.currency, other.kind, other.tax):
            raise NameplateError(
                f"{self.currency} {self.kind} {self.tax} and "
                f"{other.currency} {other.kind} {other.tax} cannot be added",
                do="keep a total for each",
            )
        return Money(self.amount + other.amount, self.currency, self.kind, self.tax)
