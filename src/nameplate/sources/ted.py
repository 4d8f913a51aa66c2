"""Reads notices of Tenders Electronic Daily: the older XML forms (R2.0.8, R2.0.9) and eForms.

One file is one notice; each awarded contract in it is a purchase, or the notice itself where none
is awarded. XML is parsed without entities, DTDs or network; a file with a DOCTYPE is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

import msgspec
from lxml import etree

from nameplate.model.errors import InputError
from nameplate.model.ids import make_id
from nameplate.model.money import AmountKind, TaxBasis
from nameplate.model.purchase import DateKind, Party, Purchase, TextField
from nameplate.sources.api import Chunk, Finder, Mode, Profile, ReadOptions, SourceFile
from nameplate.sources.contracts_finder import concerns
from nameplate.sources.ocds_text import readable

_LIMIT: Final = 64 << 20
"""Bytes; the largest notice TED ever published is under 10 MB."""

ROOTS: Final = (
    b"<TED_EXPORT",
    b"ContractNotice",
    b"ContractAwardNotice",
    b"PriorInformationNotice",
)
"""Root elements this reader knows."""


class Award(msgspec.Struct, kw_only=True):
    """One awarded contract of a notice, or the notice itself (``key`` empty)."""

    key: str = ""
    title: str = ""
    suppliers: tuple[Party, ...] = ()
    amount: Decimal | None = None
    currency: str = ""
    kind: AmountKind = AmountKind.NOTICE_ESTIMATE
    tax: TaxBasis = TaxBasis.UNKNOWN
    signed: date | None = None
    texts: tuple[TextField, ...] = ()
    cpv: tuple[str, ...] = ()


class Notice(msgspec.Struct, kw_only=True):
    """A notice, whichever form it came in."""

    number: str
    form: str
    buyer: Party | None
    title: str
    reference: str
    published: date | None
    texts: tuple[TextField, ...]
    cpv: tuple[str, ...]
    is_framework: bool
    url: str
    awards: list[Award]
    unread_amounts: int = 0
    unread_dates: int = 0


class TedReader:
    """Reader of TED notices; see :class:`nameplate.sources.api.Reader`."""

    def read(
        self, source: SourceFile, finder: Finder, options: ReadOptions, profile: Profile
    ) -> Iterator[Chunk]:
        """Yield the purchases of one notice; raises InputError where it is no notice of TED."""
        if source.size > _LIMIT:
            raise InputError(
                "an XML file of more than 64 MB is no notice of TED", where=source.name
            )
        try:
            data = source.path.read_bytes()
        except OSError as error:
            raise InputError(
                f"the file cannot be read: {error.strerror or error}", where=source.name
            ) from error
        if options.on_bytes and not options.part:
            options.on_bytes(data)
        profile.format = "TED notice"
        chunk = Chunk(bytes_done=len(data))
        hit = bool(finder.scan(data)) or not data.isascii() or b"&#" in data
        if options.mode is Mode.QUICK and not hit and any(root in data for root in ROOTS):
            profile.records_read = 1
            profile.computed = False
            yield chunk
            return
        notice = parse(data, source.name)
        profile.format = f"TED {notice.form}"
        profile.encoding = "utf-8"
        profile.records_read = 1
        if options.mode is Mode.QUICK:
            profile.computed = False
        else:
            _count(notice, profile)
        for award in notice.awards:
            made = _purchase(notice, award, source, options.body)
            if concerns(made, finder):
                chunk.purchases.append(made)
        yield chunk


def parse(data: bytes, name: str) -> Notice:
    """The notice in an XML document; raises InputError with what is wrong with it."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"not well-formed XML: {error}", where=name) from None
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise InputError(
            "the XML declares a DOCTYPE, which no TED notice has and which is not read for safety",
            where=name,
        )
    tag = etree.QName(root).localname
    if tag == "TED_EXPORT":
        from nameplate.sources.ted_forms import notice

        return notice(root, name)
    if tag in ("ContractNotice", "ContractAwardNotice", "PriorInformationNotice"):
        from nameplate.sources.ted_eforms import notice as eforms

        return eforms(root, name)
    raise InputError(f"XML, but no notice of TED (its root is {tag})", where=name)


def _count(notice: Notice, profile: Profile) -> None:
    profile.first_date = profile.last_date = notice.published
    profile.dates_unread += notice.unread_dates
    profile.amounts_unread += notice.unread_amounts
    for award in notice.awards:
        if award.amount is not None:
            key = f"{award.currency or 'XXX'} {award.kind} {award.tax}"
            profile.amount_sum[key] = profile.amount_sum.get(key, Decimal(0)) + award.amount


def _purchase(notice: Notice, award: Award, source: SourceFile, body: str | None) -> Purchase:
    signed = award.signed
    kind = DateKind.SIGNED if signed else DateKind.PUBLISHED if notice.published else None
    return Purchase(
        purchase_id=make_id("p", "ted", notice.number, award.key or None),
        award_id=award.key or None,
        body=body or (notice.buyer.name if notice.buyer else None),
        body_source="option" if body else "record",
        buyer=notice.buyer,
        suppliers=award.suppliers,
        title=award.title or notice.title,
        texts=(*notice.texts, *award.texts),
        amount=award.amount,
        currency=award.currency,
        amount_kind=award.kind,
        amount_tax=award.tax,
        is_framework=notice.is_framework,
        date=signed or notice.published,
        date_kind=kind or DateKind.UNKNOWN,
        cpv=tuple(dict.fromkeys((*notice.cpv, *award.cpv))),
        reference=notice.reference or notice.number,
        source_file=source.name,
        source_sha256=source.sha256,
        locator=f"award:{award.key}" if award.key else "line:1",
        url=notice.url,
    )


def local(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return etree.QName(element).localname


def words(element: etree._Element | None) -> str:
    """All text of an element as one line of words."""
    if element is None:
        return ""
    return readable(" ".join("".join(str(t) + " " for t in element.itertext()).split()))


def first(element: etree._Element, *names: str) -> etree._Element | None:
    """The first descendant with one of these local names, tried in order."""
    for name in names:
        found = element.find(f".//{{*}}{name}")
        if found is not None:
            return found
    return None
