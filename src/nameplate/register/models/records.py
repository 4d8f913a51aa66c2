"""What was traced: bodies, suppliers, purchases, mentions, attributions, statements, sums."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Final

from django.db import models

from nameplate.register.models.imports import Import
from nameplate.register.models.people import Organisation, Person

UNITS: Final = 10_000
"""Stored units in one of the currency's: four decimals, as in the Purchase schema."""


def to_units(amount: Decimal | None) -> int | None:
    """An amount as stored. Amounts have at most four decimals, so nothing is rounded."""
    return None if amount is None else int((amount * UNITS).to_integral_value())


def from_units(units: int | None) -> Decimal | None:
    """A stored amount in the currency's unit, without needless zeros beyond the pence."""
    if units is None:
        return None
    amount = Decimal(units) / UNITS
    return amount.quantize(Decimal("0.01")) if units % 100 == 0 else amount


class Body(models.Model):
    """A public body, known to the catalogue (``catalogue_id``) or only by name."""

    key = models.CharField(max_length=120, unique=True)
    name = models.CharField(max_length=300)
    catalogue_id = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=60, blank=True)
    region = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Supplier(models.Model):
    """A firm as records name it. ``identity`` is ``GB-COH:…`` or empty: identity not settled.

    ``natural_person`` marks a sole trader: personal data, hidden from anything public.
    """

    key = models.CharField(max_length=120, unique=True)
    name = models.CharField(max_length=400)
    identity = models.CharField(max_length=60, blank=True)
    natural_person = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Purchase(models.Model):
    """One purchase as published. ``live`` is false once every import that brought it is undone."""

    purchase_id = models.CharField(max_length=40)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    brought_by = models.ForeignKey(Import, models.PROTECT, related_name="purchases")
    live = models.BooleanField(default=True)
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="purchases")
    supplier = models.ForeignKey(Supplier, models.PROTECT, null=True, related_name="purchases")
    suppliers = models.JSONField(default=list)
    supplier_names = models.CharField(max_length=600, blank=True)
    title = models.TextField(blank=True)
    amount_units = models.BigIntegerField(null=True)
    """Ten-thousandths of the currency's unit: whole numbers add up exactly on both databases."""
    currency = models.CharField(max_length=3, blank=True)
    amount_kind = models.CharField(max_length=20)
    amount_tax = models.CharField(max_length=10)
    amount_note = models.CharField(max_length=60, blank=True)
    is_framework = models.BooleanField(default=False)
    date = models.DateField(null=True)
    date_kind = models.CharField(max_length=12)
    trade_kind = models.CharField(max_length=20)
    trade_reason = models.TextField(blank=True)
    makers = models.JSONField(default=list)
    """Keys of the makers it is attributed to now: for lists and facets, rebuilt on derivation."""
    best_grade = models.CharField(max_length=10, blank=True)
    record = models.JSONField()
    """The Purchase of :mod:`nameplate.model.purchase`, whole, as JSON: derivation starts here."""
    source_file = models.CharField(max_length=500)
    source_sha256 = models.CharField(max_length=64)
    locator = models.CharField(max_length=200)
    url = models.TextField(blank=True)
    constructed = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["purchase_id", "owner"], name="one_purchase_an_owner")
        ]
        indexes: ClassVar = [
            models.Index(fields=["live", "-date", "-id"], name="purchase_by_date"),
            models.Index(fields=["live", "-amount_units", "-id"], name="purchase_by_amount"),
            models.Index(fields=["body", "live", "-date"], name="purchase_by_body"),
            models.Index(fields=["supplier", "live", "-date"], name="purchase_by_supplier"),
            models.Index(fields=["trade_kind", "live", "-date"], name="purchase_by_kind"),
            models.Index(fields=["best_grade", "live", "-date"], name="purchase_by_grade"),
            models.Index(fields=["purchase_id"], name="purchase_by_id"),
        ]

    def __str__(self) -> str:
        return self.title or self.purchase_id

    @property
    def amount(self) -> Decimal | None:
        """The amount in the currency's unit, or None where the record has none."""
        return from_units(self.amount_units)


class Sighting(models.Model):
    """That an import brought a purchase: a purchase lives while one of these imports does."""

    purchase = models.ForeignKey(Purchase, models.CASCADE, related_name="sightings")
    brought_by = models.ForeignKey(Import, models.PROTECT, related_name="sightings")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["purchase", "brought_by"], name="one_sighting_an_import"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purchase_id} by {self.brought_by_id}"


class Mention(models.Model):
    """A place in a purchase's text that names a maker."""

    purchase = models.ForeignKey(Purchase, models.CASCADE, related_name="mentions")
    maker_key = models.CharField(max_length=60)
    maker = models.CharField(max_length=200)
    brand = models.CharField(max_length=200, blank=True)
    surface = models.CharField(max_length=300)
    field = models.CharField(max_length=300)
    start = models.IntegerField()
    end = models.IntegerField()
    role = models.CharField(max_length=20)
    role_reason = models.TextField(blank=True)
    via = models.CharField(max_length=20)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.surface} ({self.role})"


class Attribution(models.Model):
    """Derived, never edited: replaced as a whole when the purchase is derived again."""

    attribution_id = models.CharField(max_length=40, db_index=True)
    purchase = models.ForeignKey(Purchase, models.CASCADE, related_name="attributions")
    maker_key = models.CharField(max_length=60, blank=True)
    maker = models.CharField(max_length=200, blank=True)
    brand = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=20, blank=True)
    grade = models.CharField(max_length=10)
    probability = models.FloatField(null=True)
    band = models.CharField(max_length=10, blank=True)
    prior = models.FloatField(null=True)
    in_totals = models.BooleanField()
    evidence = models.JSONField(default=list)
    wording = models.TextField()

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(fields=["maker_key", "grade"], name="attribution_by_maker"),
        ]

    def __str__(self) -> str:
        return f"{self.maker or 'open'} · {self.grade}"


class StatementRow(models.Model):
    """A statement of :mod:`nameplate.model.statement`: only ever added."""

    statement_id = models.CharField(max_length=40)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    brought_by = models.ForeignKey(Import, models.PROTECT, null=True, related_name="statements")
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    subject = models.CharField(max_length=80, db_index=True)
    predicate = models.CharField(max_length=60)
    asserter = models.CharField(max_length=20)
    asserted_by = models.CharField(max_length=300)
    withdraws = models.CharField(max_length=40, blank=True, db_index=True)
    recorded = models.DateTimeField()
    content = models.JSONField()
    """The statement whole."""

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["statement_id", "owner"], name="one_statement_an_owner")
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.predicate}"


class Exposure(models.Model):
    """A body's attributions to a maker, summed per grade; rebuilt whenever one of them changes.

    Kept per currency, kind of amount and tax basis, for these never add up. A purchase that names
    two makers stands under each, and once under maker_key ``*``: any total across makers is read
    there. ``without_amount`` counts what has no sum: not computable, not zero.
    """

    owner = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    body = models.ForeignKey(Body, models.CASCADE, null=True, related_name="exposures")
    maker_key = models.CharField(max_length=60, db_index=True)
    grade = models.CharField(max_length=10)
    currency = models.CharField(max_length=3, blank=True)
    amount_kind = models.CharField(max_length=20)
    amount_tax = models.CharField(max_length=10)
    purchases = models.IntegerField()
    without_amount = models.IntegerField(default=0)
    amount_units = models.BigIntegerField(null=True)
    about = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["body", "maker_key"], name="exposure_by_body")]

    def __str__(self) -> str:
        return f"{self.body_id} {self.maker_key} {self.grade}"

    @property
    def amount(self) -> Decimal | None:
        """The sum in the currency's unit; None where no purchase in it has an amount."""
        return from_units(self.amount_units)


class Dispute(models.Model):
    """ "Is this wrong?": somebody, with or without an account, says that a page is wrong."""

    class State(models.TextChoices):
        """Where it is; a page is marked disputed from RECEIVED on until it is decided."""

        RECEIVED = "received", "Received"
        UPHELD = "upheld", "Upheld: the page was wrong"
        PARTLY = "partly", "Upheld in part"
        REJECTED = "rejected", "Not upheld"

    reference = models.CharField(max_length=20, unique=True)
    subject_type = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=120)
    subject_title = models.CharField(max_length=300)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="disputes")
    says = models.TextField()
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    on_behalf_of = models.CharField(max_length=200, blank=True)
    received = models.DateTimeField(auto_now_add=True)
    decide_by = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    reasons = models.TextField(blank=True)
    decided = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-received"]
        indexes: ClassVar = [
            models.Index(fields=["subject_type", "subject_id", "state"], name="dispute_subject")
        ]

    def __str__(self) -> str:
        return self.reference
