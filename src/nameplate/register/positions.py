"""A position: what a body, maker or supplier comes to, as three numbers that never mix.

*Confirmed* ("at least") is stated, observed and named; *possible* adds all that is inferred or
open. *Likely* needs calibrated probabilities: until 200 real labelled purchases stand behind them
it is not computable, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from nameplate.model.attribution import CONFIRMED_GRADES
from nameplate.register.models import Exposure
from nameplate.register.models.records import from_units

KIND_NAMES: Final = {
    "award": "awards",
    "contract": "contracts",
    "payment": "payments",
    "notice_estimate": "estimates in notices",
}
TAX_NAMES: Final = {"net": "net of VAT", "gross": "with VAT", "unknown": "VAT not stated"}


@dataclass
class Position:
    """Sums of one currency, one kind of amount and one tax basis.

    ``confirmed`` and ``possible`` are None where no purchase in them has an amount: not computable.
    """

    currency: str
    amount_kind: str
    amount_tax: str
    confirmed_count: int = 0
    possible_count: int = 0
    without_amount: int = 0
    about: bool = False
    _confirmed: int | None = None
    _possible: int | None = None

    @property
    def confirmed(self) -> Decimal | None:
        """Sum of what is stated, observed or named."""
        return from_units(self._confirmed)

    @property
    def possible(self) -> Decimal | None:
        """The confirmed sum and all that is inferred or open."""
        return from_units(self._possible)

    @property
    def measure(self) -> str:
        """``awards, VAT not stated``: what the sums measure."""
        kind = KIND_NAMES.get(self.amount_kind, self.amount_kind)
        return f"{kind}, {TAX_NAMES.get(self.amount_tax, self.amount_tax)}"

    def add(self, row: Exposure) -> None:
        """Take one exposure in."""
        self.without_amount += row.without_amount
        self.about = self.about or row.about
        self.possible_count += row.purchases
        if row.amount_units is not None:
            self._possible = (self._possible or 0) + row.amount_units
        if row.grade in CONFIRMED_GRADES:
            self.confirmed_count += row.purchases
            if row.amount_units is not None:
                self._confirmed = (self._confirmed or 0) + row.amount_units


def positions(rows: Iterable[Exposure]) -> list[Position]:
    """Group exposures into positions, the largest confirmed sum first."""
    found: dict[tuple[str, str, str], Position] = {}
    for row in rows:
        key = (row.currency, row.amount_kind, row.amount_tax)
        found.setdefault(key, Position(*key)).add(row)
    return sorted(
        found.values(),
        key=lambda one: (-(one.confirmed or 0), -(one.possible or 0), one.measure),
    )
