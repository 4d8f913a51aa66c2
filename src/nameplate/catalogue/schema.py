"""The catalogue's facts as types. Every fact has an id, sources, dates and a confidence.

Facts live as JSON arrays in ``catalogue/facts/<kind>.json``, one file a kind, decoded strictly:
an unknown key is an error. Dates are ISO and may be shortened (``2019``, ``2019-10``); ``to`` is
exclusive; empty means not known (``from``) or not ended as far as known (``to``).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Confidence(StrEnum):
    """How well a fact is known."""

    PRIMARY = "primary"
    """The primary text or official data was opened."""
    SECONDARY = "secondary"
    """A secondary source was read."""
    CLAIM = "claim"
    """Somebody with an interest says so (a rival, a seller); held as a claim only."""
    LEAD = "lead"
    """From memory or unverified: never shown as a fact, never used as evidence."""


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a fact was read. ``read`` is the ISO date on which somebody here read it."""

    title: str
    read: str
    url: str = ""
    published: str = ""


class Fact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all facts share. ``recorded`` is when the catalogue came to know it (second clock)."""

    id: str
    sources: tuple[Source, ...]
    confidence: Confidence
    recorded: str
    note: str = ""


class Maker(Fact, frozen=True, kw_only=True):
    """A manufacturer. ``name`` is the canonical name all outputs use."""

    key: str
    name: str
    country: str = ""
    makes: tuple[str, ...] = ()
    """Of: camera, recorder, body_worn, anpr, vms, access, intercom, thermal, network, radio,
    chip, analytics."""
    identifiers: tuple[str, ...] = ()
    """``scheme:id``: GB-COH, LEI, ISIN, USCC, ticker."""


class NameKind(StrEnum):
    """What a spelling is."""

    SHORT = "short"
    REGISTERED = "registered"
    BRAND = "brand"
    FORMER = "former"
    MISSPELLING = "misspelling"
    NATIVE = "native"
    SUBSIDIARY = "subsidiary"


class Name(Fact, frozen=True, kw_only=True):
    """A spelling that names a maker or one of its brands.

    ``brand`` is a Brand's key, empty where the text is the maker's own name. ``needs_context``: an
    ordinary word or shared name (Axis, Bosch, Pelco's town) that counts only beside a word of the
    trade. ``fuzzy``: spellings one letter off are taken too. ``not_before``/``not_after`` are
    case-insensitive regular expressions: one that matches up to where the name begins
    (``not_before``), or from where it ends (``not_after``), shows that something else is named.
    """

    maker: str
    text: str
    kind: NameKind
    brand: str = ""
    script: str = "Latn"
    needs_context: bool = False
    fuzzy: bool = False
    not_before: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()


class Brand(Fact, frozen=True, kw_only=True):
    """A name that a maker itself sells under; outputs show ``label``: ``Hikvision (EZVIZ)``.

    Dated because brands are bought and sold; other firms' badges are Rebrand claims instead.
    """

    key: str
    maker: str
    name: str
    label: str
    valid_from: str = ""
    valid_to: str = ""


class Rebrand(Fact, frozen=True, kw_only=True):
    """A dated claim that equipment badged ``brand`` is made by ``maker`` (a key; empty where the
    claim does not say by which of several).

    ``scope`` says which models the claim covers (``some models``, a pattern, ``all``);
    ``claimed_by`` who says so; ``stance`` is ``claimed``, ``corroborated``, ``disputed`` or
    ``wrong`` (kept, so that it is not imported again as news).
    """

    brand: str
    maker: str
    scope: str
    claimed_by: str
    stance: str = "claimed"
    models: tuple[str, ...] = ()
    valid_from: str = ""
    valid_to: str = ""


class Grammar(Fact, frozen=True, kw_only=True):
    """A form of model number. ``pattern`` is a Python regular expression, matched whole and
    case-insensitively on a token. ``brand`` is a Brand's key or empty. ``weight`` is the
    natural-log likelihood ratio that a string of this form is this maker's. ``shared_with`` lists
    makers whose models begin alike.
    """

    maker: str
    pattern: str
    device: str
    weight: float
    brand: str = ""
    in_text: bool = True
    """False where the form is too short or common to be looked for in running text."""
    shared_with: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()


class Distributor(Fact, frozen=True, kw_only=True):
    """A dated claim that a firm sells a maker's equipment on. ``maker`` is empty where the page
    read names none. ``role``: distributor, reseller, installer, integrator.
    """

    name: str
    role: str
    maker: str
    claim: str
    claimed_by: str
    aliases: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    valid_from: str = ""
    valid_to: str = ""


class Watchlist(Fact, frozen=True, kw_only=True):
    """A list: who keeps it, what it forbids, and whom it binds.

    ``binds_kinds`` names the kinds of UK public body that it binds, of ``council``, ``police``,
    ``nhs``, ``school``, ``central``, or ``all``; empty where it binds none of them.
    ``binds_nations`` names the nations of the UK in which it does; empty: in all.
    """

    key: str
    name: str
    authority: str
    country: str
    forbids: str
    binds: str
    binds_uk_councils: bool = False
    binds_kinds: tuple[str, ...] = ()
    binds_nations: tuple[str, ...] = ()
    reach: str = "named"
    """``named`` or ``subsidiaries_and_affiliates``."""


class Listing(Fact, frozen=True, kw_only=True):
    """An entry: ``subject`` (maker key, or ``entity:`` and a name) is on ``watchlist``.

    ``valid_from`` is the day the listing took effect, ``announced`` when it was made public if
    that is earlier; ``valid_to`` is exclusive. ``editions`` are the dates it was listed again.
    """

    watchlist: str
    subject: str
    listed_as: str
    valid_from: str
    citation: str
    scope: str = ""
    announced: str = ""
    valid_to: str = ""
    editions: tuple[str, ...] = ()


class Ownership(Fact, frozen=True, kw_only=True):
    """A dated claim that ``owner`` holds ``share`` percent (None: unknown) of ``owned``.

    Both are maker keys or ``entity:`` and a name. ``relation``: subsidiary, parent, shareholder,
    brand_of, former_parent.
    """

    owner: str
    owned: str
    relation: str
    share: float | None = None
    valid_from: str = ""
    valid_to: str = ""


class Term(Fact, frozen=True, kw_only=True):
    """A word of the trade. ``pattern`` is a Python regular expression, case-insensitive, on
    normalised text. ``kind`` is a TradeKind's value or ``context`` (makes an ambiguous name
    count) or ``exclude`` (shows that the word beside it is of another trade: drain surveys).
    """

    pattern: str
    kind: str
    language: str = "en"
    literals: tuple[str, ...] = ()
    """Lower-case substrings of which one is in every match: what the byte scan looks for."""
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()


class Cpv(Fact, frozen=True, kw_only=True):
    """A CPV 2008 code that marks surveillance: eight digits, matched by ``prefix``."""

    prefix: str
    label: str
    kind: str
    sure: bool
    """True where the code alone makes a purchase surveillance."""
