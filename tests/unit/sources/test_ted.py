"""TED notices, older forms and eForms: awards, parties, money, text, and XML that is an attack."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path

import pytest

from nameplate.model.errors import InputError
from nameplate.model.money import AmountKind, TaxBasis
from nameplate.model.purchase import DateKind, Purchase
from nameplate.sources.api import Mode, Profile, ReadOptions, SourceFile
from nameplate.sources.ted import TedReader


class Everything:
    def scan(self, block: bytes | memoryview) -> list[int]:
        return [0] if b"CCTV" in bytes(block) else []

    def matches(self, text: str) -> bool:
        return "CCTV" in text

    def matches_cpv(self, codes: tuple[str, ...]) -> bool:
        return False


FORM = """<?xml version="1.0" encoding="UTF-8"?>
<TED_EXPORT xmlns="http://publications.europa.eu/resource/schema/ted/R2.0.9/publication"
  VERSION="R2.0.9.S05.E01" DOC_ID="1-2022">
<CODED_DATA_SECTION><REF_OJS><DATE_PUB>20220304</DATE_PUB></REF_OJS><NOTICE_DATA>
<NO_DOC_OJS>2022/S 1-1</NO_DOC_OJS><URI_LIST><URI_DOC LG="EN">https://example.org/1</URI_DOC></URI_LIST>
</NOTICE_DATA></CODED_DATA_SECTION>
<FORM_SECTION>
<F03_2014 CATEGORY="ORIGINAL" FORM="F03" LG="DE"><OBJECT_CONTRACT><TITLE><P>Kameras</P></TITLE>
<SHORT_DESCR><P>Hikvision oder gleichwertig</P></SHORT_DESCR></OBJECT_CONTRACT></F03_2014>
<F03_2014 CATEGORY="TRANSLATION" FORM="F03" LG="EN">
<CONTRACTING_BODY><ADDRESS_CONTRACTING_BODY><OFFICIALNAME>Anytown Council</OFFICIALNAME>
<NATIONALID>12</NATIONALID><COUNTRY VALUE="UK"/></ADDRESS_CONTRACTING_BODY></CONTRACTING_BODY>
<OBJECT_CONTRACT><TITLE><P>CCTV &amp; more</P></TITLE><REFERENCE_NUMBER>R1</REFERENCE_NUMBER>
<CPV_MAIN><CPV_CODE CODE="32323500"/></CPV_MAIN>
<OBJECT_DESCR ITEM="1"><LOT_NO>1</LOT_NO>
<SHORT_DESCR><P>Cameras of lot one</P></SHORT_DESCR></OBJECT_DESCR>
<OBJECT_DESCR ITEM="2"><LOT_NO>2</LOT_NO>
<SHORT_DESCR><P>Masts of lot two</P></SHORT_DESCR></OBJECT_DESCR>
</OBJECT_CONTRACT>
<AWARD_CONTRACT ITEM="1"><CONTRACT_NO>C1</CONTRACT_NO><LOT_NO>1</LOT_NO><AWARDED_CONTRACT>
<DATE_CONCLUSION_CONTRACT>2022-02-01</DATE_CONCLUSION_CONTRACT><CONTRACTORS><CONTRACTOR>
<ADDRESS_CONTRACTOR><OFFICIALNAME>Fitters Ltd</OFFICIALNAME></ADDRESS_CONTRACTOR></CONTRACTOR>
</CONTRACTORS><VALUES><VAL_TOTAL CURRENCY="GBP">1234.50</VAL_TOTAL></VALUES>
</AWARDED_CONTRACT></AWARD_CONTRACT>
<AWARD_CONTRACT ITEM="2"><LOT_NO>2</LOT_NO><NO_AWARDED_CONTRACT/></AWARD_CONTRACT>
</F03_2014></FORM_SECTION></TED_EXPORT>"""

EFORM = """<?xml version="1.0" encoding="UTF-8"?>
<ContractAwardNotice xmlns="urn:oasis:names:specification:ubl:schema:xsd:ContractAwardNotice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
 xmlns:efac="http://data.europa.eu/p27/eforms-ubl-extension-aggregate-components/1"
 xmlns:efbc="http://data.europa.eu/p27/eforms-ubl-extension-basic-components/1"
 xmlns:efext="http://data.europa.eu/p27/eforms-ubl-extensions/1"
 xmlns:ext="urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2">
<ext:UBLExtensions><ext:UBLExtension><ext:ExtensionContent><efext:EformsExtension>
<efac:NoticeResult>
<efac:LotTender><cbc:ID>TEN-1</cbc:ID>
<cac:LegalMonetaryTotal>
<cbc:PayableAmount currencyID="EUR">500</cbc:PayableAmount></cac:LegalMonetaryTotal>
<efac:TenderingParty><cbc:ID>TPA-1</cbc:ID></efac:TenderingParty></efac:LotTender>
<efac:SettledContract><cbc:ID>CON-1</cbc:ID><cbc:IssueDate>2024-02-03Z</cbc:IssueDate>
<cbc:Title>CCTV supply</cbc:Title>
<efac:LotTender><cbc:ID>TEN-1</cbc:ID></efac:LotTender></efac:SettledContract>
<efac:TenderingParty><cbc:ID>TPA-1</cbc:ID>
<efac:Tenderer><cbc:ID>ORG-2</cbc:ID></efac:Tenderer></efac:TenderingParty>
</efac:NoticeResult>
<efac:Organizations>
<efac:Organization><efac:Company><cac:PartyIdentification><cbc:ID>ORG-1</cbc:ID></cac:PartyIdentification>
<cac:PartyName><cbc:Name>Ville</cbc:Name></cac:PartyName></efac:Company></efac:Organization>
<efac:Organization><efac:Company><cac:PartyIdentification><cbc:ID>ORG-2</cbc:ID></cac:PartyIdentification>
<cac:PartyName><cbc:Name>Fitters SA</cbc:Name></cac:PartyName>
<cac:PartyLegalEntity><cbc:CompanyID>77</cbc:CompanyID></cac:PartyLegalEntity></efac:Company></efac:Organization>
</efac:Organizations><efac:Publication><efbc:NoticePublicationID>9-2024</efbc:NoticePublicationID></efac:Publication>
</efext:EformsExtension></ext:ExtensionContent></ext:UBLExtension></ext:UBLExtensions>
<cbc:ID>u</cbc:ID><cbc:IssueDate>2024-03-01+01:00</cbc:IssueDate>
<cac:ContractingParty>
<cac:Party><cac:PartyIdentification><cbc:ID>ORG-1</cbc:ID>
</cac:PartyIdentification></cac:Party></cac:ContractingParty>
<cac:ProcurementProject><cbc:ID>R9</cbc:ID><cbc:Name>CCTV</cbc:Name><cbc:Description>Cameras</cbc:Description>
<cac:MainCommodityClassification>
<cbc:ItemClassificationCode listName="cpv">32323500</cbc:ItemClassificationCode>
</cac:MainCommodityClassification>
</cac:ProcurementProject></ContractAwardNotice>"""


def read(path: Path, mode: Mode = Mode.FULL) -> tuple[list[Purchase], Profile]:
    profile = Profile()
    digest = hashlib.sha256()
    source = SourceFile(path.name, path, path.stat().st_size, "ab")
    options = ReadOptions(mode=mode, on_bytes=digest.update)
    chunks = list(TedReader().read(source, Everything(), options, profile))
    assert digest.hexdigest() == hashlib.sha256(path.read_bytes()).hexdigest()
    return [p for c in chunks for p in c.purchases], profile


@pytest.mark.parametrize("mode", list(Mode))
def test_an_award_of_the_older_form(tmp_path: Path, mode: Mode) -> None:
    path = tmp_path / "a.xml"
    path.write_text(FORM)
    (bought,), profile = read(path, mode)
    assert (bought.body, bought.supplier) == ("Anytown Council", "Fitters Ltd")
    assert bought.buyer is not None
    assert bought.buyer.identifiers == ("UK:12",)
    assert (bought.title, bought.reference) == ("CCTV & more", "R1")
    assert (bought.amount, bought.currency) == (Decimal("1234.50"), "GBP")
    assert (bought.amount_kind, bought.amount_tax) == (AmountKind.AWARD, TaxBasis.NET)
    assert (str(bought.date), bought.date_kind) == ("2022-02-01", DateKind.SIGNED)
    assert bought.cpv == ("32323500",)
    said = [t.text for t in bought.texts]
    assert "Hikvision oder gleichwertig" in said, "the original language is read, too"
    assert "Cameras of lot one" in said
    assert "Masts of lot two" not in said
    assert profile.records_read == 1
    expected = {} if mode is Mode.QUICK else {"GBP award net": Decimal("1234.50")}
    assert profile.amount_sum == expected


def test_an_award_of_eforms(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(EFORM)
    (bought,), _ = read(path)
    assert (bought.body, bought.supplier) == ("Ville", "Fitters SA")
    assert (bought.amount, bought.currency, bought.amount_tax) == (500, "EUR", TaxBasis.NET)
    assert (bought.title, bought.reference, bought.cpv) == ("CCTV supply", "R9", ("32323500",))
    assert str(bought.date) == "2024-02-03"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<a/>", "no notice of TED"),
        ("<TED_EXPORT>", "not well-formed"),
        ("", "not well-formed"),
        ("<TED_EXPORT/>", "without a form"),
        (
            '<!DOCTYPE t [<!ENTITY a "CC"><!ENTITY b "&a;&a;&a;">]><TED_EXPORT>&b;</TED_EXPORT>',
            "DOCTYPE",
        ),
        (
            '<!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/passwd">]><TED_EXPORT>&x;</TED_EXPORT>',
            "DOCTYPE",
        ),
    ],
)
def test_what_is_no_notice_or_an_attack_is_one_sentence(
    tmp_path: Path, text: str, reason: str
) -> None:
    path = tmp_path / "a.xml"
    path.write_text(text)
    with pytest.raises(InputError, match=reason):
        read(path)


def test_quick_mode_does_not_parse_what_the_scan_did_not_hit(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text("<TED_EXPORT><broken>")
    bought, profile = read(path, Mode.QUICK)
    assert bought == []
    assert (profile.records_read, profile.computed) == (1, False)
