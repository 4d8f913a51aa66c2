"""The public tables as one declaration: all open data and the data dictionary are made from it.

A column that is not declared here is in no publication: this is the allow-list.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

Row = dict[str, Any]


class Column(NamedTuple):
    """A published column. ``kind``: string, integer, number, boolean, date or money."""

    name: str
    kind: str
    says: str
    needed: bool = False


class Table(NamedTuple):
    """A published table: its primary key (empty where no column is unique), and its columns."""

    name: str
    says: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """Names of the columns, in order."""
        return [column.name for column in self.columns]


_C = Column
_MONEY_COLUMNS: Final = (
    _C("currency", "string", "ISO 4217 code; empty where the source gives none."),
    _C("amount_kind", "string", "notice_estimate, award, contract or payment; never added up."),
    _C("amount_tax", "string", "net, gross or unknown: whether the sum holds VAT."),
)

BODIES: Final = Table(
    "bodies",
    "Public bodies with a published purchase.",
    ("body_id",),
    (
        _C("body_id", "string", "Stable id: of the list of bodies, else of the name.", True),
        _C("name", "string", "As published, or as the list of bodies has it.", True),
        _C("kind", "string", "council, police, fire, department, …; empty where not known."),
        _C("nation", "string", "Nation of the United Kingdom."),
        _C("region", "string", "Region; empty where not known."),
        _C("gss", "string", "Code of the Office for National Statistics."),
        _C("org_id", "string", "Identifier of org-id.guide."),
        _C(
            "valid_to",
            "string",
            "ISO date from which it no longer existed; empty if it does.",
        ),
        _C("followed_by", "string", "Names of the bodies that do its work now, joined by '; '."),
    ),
)
PURCHASES: Final = Table(
    "purchases",
    "Awards and payment lines that name a maker, or whose maker is an open question.",
    ("purchase_id",),
    (
        _C("purchase_id", "string", "Stable id of the purchase.", True),
        _C("ocid", "string", "Open contracting id, where the source is OCDS."),
        _C("award_id", "string", "Id of the award within the ocid."),
        _C("body_id", "string", "The buyer, a row of bodies; empty where the record names none."),
        _C("supplier", "string", "As published; empty where none is named or it may be a person."),
        _C("supplier_withheld", "string", "Why a supplier is not shown; empty if nothing is held."),
        _C("title", "string", "As published."),
        _C("amount", "money", "As published; empty where none is."),
        *_MONEY_COLUMNS,
        _C("amount_note", "string", "How the source itself qualifies the amount, such as 'about'."),
        _C("date", "date", "Calendar day, Europe/London; empty where the source gives none."),
        _C("date_kind", "string", "signed, awarded, paid, started, published or unknown."),
        _C("trade_kind", "string", "What kind of surveillance purchase it is."),
        _C("source_file", "string", "Name of the file it was read in."),
        _C("source_sha256", "string", "SHA-256 of that file."),
        _C("locator", "string", "Where in the file: line, row or page."),
        _C("url", "string", "Where the source publishes it."),
        _C("constructed", "string", "A sentence where this is no published record; else empty."),
    ),
)
ATTRIBUTIONS: Final = Table(
    "attributions",
    "Whose equipment each purchase is. Inferred ones are not here: see inferred_sums.",
    ("attribution_id",),
    (
        _C("attribution_id", "string", "Stable id.", True),
        _C("purchase_id", "string", "A row of purchases.", True),
        _C("body_id", "string", "A row of bodies."),
        _C("maker", "string", "The maker; empty for an open question."),
        _C("brand", "string", "The brand it is sold under, where that is named."),
        _C("role", "string", "supplied, in_use, maintained or to_be_replaced."),
        _C("grade", "string", "stated, observed, named or open, strongest first.", True),
        _C("wording", "string", "The fixed sentence of the grade.", True),
        _C("amount", "money", "Of the whole purchase, which holds labour and other goods too."),
        *_MONEY_COLUMNS,
        _C("amount_note", "string", "How the source qualifies the amount."),
        _C("in_totals", "boolean", "Whether it counts in totals of equipment.", True),
        _C("counts_for_maker", "boolean", "The one of its purchase that counts for the maker."),
        _C("counts_overall", "boolean", "The one of its purchase that counts across makers."),
        _C("date", "date", "Of the purchase."),
        _C("listed_then", "string", "true, false or 'not computable': was the maker listed then."),
        _C("listed_then_says", "string", "The reason for that answer."),
        _C("constructed", "string", "A sentence where this is no published record; else empty."),
    ),
)
EVIDENCE: Final = Table(
    "evidence",
    "The chain of evidence behind each attribution.",
    ("attribution_id", "number"),
    (
        _C("attribution_id", "string", "A row of attributions.", True),
        _C("number", "integer", "Its place in the chain, from 1.", True),
        _C("kind", "string", "mention, statement, fact …"),
        _C("says", "string", "The evidence as a sentence."),
        _C(
            "weight",
            "number",
            "Natural-log likelihood ratio: 0 says nothing, 4.6 is 100 to 1.",
        ),
        _C("link", "string", "The step of the chain: record, supplier, distributor or maker."),
        _C("grade", "string", "The step's own grade."),
        _C("ref", "string", "Id of the statement, fact or mention it rests on."),
    ),
)
INFERRED_SUMS: Final = Table(
    "inferred_sums",
    "Sums of purchases that only inference ties to a maker. Sums over fewer than three suppliers "
    "are withheld, so that no named supplier is tied to a maker by inference.",
    (),
    (
        _C("maker", "string", "The maker; empty for the sum across makers, each purchase once."),
        *_MONEY_COLUMNS,
        _C("purchases", "integer", "Purchases with an amount in the sum."),
        _C("suppliers", "integer", "Different suppliers among them."),
        _C("withheld", "boolean", "Whether the sum is withheld.", True),
        _C("amount", "money", "The sum; empty where withheld."),
        _C("expected", "money", "Sum of amount times probability; empty where not calibrated."),
    ),
)
STATEMENTS: Final = Table(
    "statements",
    "What was said of these purchases, bodies and makers, by whom, and where.",
    ("statement_id",),
    (
        _C("statement_id", "string", "Stable id.", True),
        _C("subject", "string", "Id of a purchase or body, or m: and a maker's key.", True),
        _C("predicate", "string", "equipment_maker, position, review, sales_channel …", True),
        _C("text", "string", "What is said."),
        _C("kind", "string", "Of a review: which kind."),
        _C("asserted_by", "string", "Who says it."),
        _C("via", "string", "Who reports it, where it is reported speech."),
        _C("source_title", "string", "Title of the source."),
        _C("source_publisher", "string", "Its publisher."),
        _C("source_url", "string", "Its address."),
        _C("source_published", "string", "When it was published; may be shortened (2021)."),
        _C("constructed", "string", "A sentence where the claim is no real one; else empty."),
    ),
)
LISTINGS: Final = Table(
    "listings",
    "Entries of the named makers on watchlists.",
    ("listing_id",),
    (
        _C("listing_id", "string", "Stable id of the fact.", True),
        _C("maker", "string", "The maker.", True),
        _C("watchlist", "string", "Name of the list."),
        _C("authority", "string", "Who keeps it."),
        _C("country", "string", "Whose list it is."),
        _C("listed_as", "string", "The name on the list."),
        _C("valid_from", "string", "ISO date of effect, possibly shortened."),
        _C("valid_to", "string", "Exclusive end; empty where it has none."),
        _C("binds", "string", "Whom the list binds."),
        _C("citation", "string", "Where it is set down."),
    ),
)
COVERAGE: Final = Table(
    "coverage",
    "What was searched: one row a file.",
    (),
    (
        _C("source_file", "string", "Name of the file.", True),
        _C("format", "string", "What it is."),
        _C("records_read", "string", "Records read; empty where it holds none."),
        _C("records_set_aside", "string", "Records that could not be read."),
        _C("first_date", "string", "Earliest date in it, or 'not computable'."),
        _C("last_date", "string", "Latest date in it, or 'not computable'."),
        _C("hits", "string", "Purchases that came out of it."),
        _C("status", "string", "read, read in part, not read, failed, duplicate or statements."),
        _C("sha256", "string", "SHA-256 of the file."),
    ),
)
PARTIES: Final = Table(
    "parties",
    "The firms named, and the reply each was offered.",
    (),
    (
        _C("party", "string", "Name of the maker or supplier.", True),
        _C("role", "string", "maker or supplier."),
        _C("offered", "string", "ISO date on which a reply was offered; empty if none was."),
        _C("until", "string", "ISO date until which it could reply."),
        _C("reply", "string", "What it replied; empty where nothing came."),
        _C("state", "string", "replied, no reply, time runs, or not offered."),
    ),
)

TABLES: Final = (
    BODIES,
    PURCHASES,
    ATTRIBUTIONS,
    EVIDENCE,
    INFERRED_SUMS,
    STATEMENTS,
    LISTINGS,
    COVERAGE,
    PARTIES,
)
"""All published tables, in the order in which they are written."""


def allowed(table: Table, row: Row) -> Row:
    """The row with the declared columns only, in their order; what is not declared is dropped."""
    return {name: row.get(name) for name in table.names}
