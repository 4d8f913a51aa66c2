"""Each reader on a small file of the published form, made up here."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nameplate.catalogue.watchlists import registry
from nameplate.catalogue.watchlists.days import iso
from nameplate.catalogue.watchlists.entry import ListEntry, Reading
from nameplate.model.errors import InputError, NameplateError


def read(key: str, path: Path) -> tuple[list[ListEntry], Reading]:
    spec = registry.spec(key)
    reading = Reading()
    return list(registry.form(spec, path).read(path, reading, spec.max_bytes)), reading


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("2021-06-03", "dmy", "2021-06-03"),
        ("2021-06-03T00:00:00", "dmy", "2021-06-03"),
        ("2021-06", "dmy", "2021-06"),
        ("2021", "dmy", "2021"),
        ("03/06/2021", "dmy", "2021-06-03"),
        ("03/06/2021", "mdy", "2021-03-06"),
        ("02 Aug 2021", "dmy", "2021-08-02"),
        ("March 12, 2021", "dmy", "2021-03-12"),
        ("31/02/2021", "dmy", ""),
        ("2021-13", "dmy", ""),
        ("soon", "dmy", ""),
        ("", "dmy", ""),
    ],
)
def test_dates(text: str, order: str, expected: str) -> None:
    assert iso(text, order) == expected


@given(st.text(max_size=30))
def test_dates_never_crash(text: str) -> None:
    assert isinstance(iso(text), str)


def test_fcc_names_makers_and_classes(tmp_path: Path) -> None:
    text = (
        "covered_equipment_or_services,date_of_inclusion_on_covered_list\r\n"
        '"Video surveillance equipment produced by Some Camera Company, to the extent it is used '
        'for public safety.","March 12, 2021"\r\n'
        '"Routers produced in a foreign country.","March 23, 2026Updated:June 1, 2026"\r\n'
        '"International services provided by Far Telecom Ltd. subject to section 214.",'
        '"July 7, 2026"\r\n"Something",whenever\r\n'
    )
    entries, reading = read("us-fcc-covered", put(tmp_path, "fcc.csv", text))
    assert [(e.name, e.kind, e.valid_from) for e in entries] == [
        ("Some Camera Company", "Company", "2021-03-12"),
        ("Routers produced in a foreign country.", "Thing", "2026-03-23"),
        ("Far Telecom Ltd.", "Company", "2026-07-07"),
    ]
    assert entries[1].note == "updated 2026-06-01"
    assert [row.reason for row in reading.set_aside] == ["the date 'whenever' is none"]


PRIM = (
    '9,"CAMERA WORKS CO., LTD.",-0- ,"CMIC-EO13959",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
    '"Equity Ticker 1 CN; ISIN CN1; Effective Date (CMIC) 02 Aug 2021; Listing Date (CMIC) '
    "03 Jun 2021; a.k.a. 'CAMWORKS'; Linked To: PARENT GROUP; Strange New Remark here.\"\r\n"
    '10,"DOE, Jane","individual","X] [Y",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 1960."\r\n\x1a'
)


def test_ofac_csv_set(tmp_path: Path) -> None:
    path = put(tmp_path, "cons_prim.csv", PRIM)
    put(tmp_path, "cons_alt.csv", '9,1,"aka","CW CAMERAS",-0- \r\n')
    put(tmp_path, "cons_add.csv", '9,1,"1 Road","Hangzhou","China",-0- \r\n')
    (firm, person), reading = read("us-ofac-consolidated", path)
    assert firm.entry_id == "ofac:9"
    assert firm.aliases == ("CW CAMERAS", "CAMWORKS")
    assert (firm.valid_from, firm.announced) == ("2021-08-02", "2021-06-03")
    assert firm.watchlist == "us-ns-cmic"
    assert firm.identifiers == ("Equity Ticker:1 CN", "ISIN:CN1")
    assert firm.addresses == ("1 Road, Hangzhou, China",)
    assert firm.parents == ("PARENT GROUP",)
    assert (person.kind, person.programs) == ("Person", ("X", "Y"))
    assert reading.unknown == {"remark: Strange New": 1}
    assert reading.auxiliary == {"other name": 1, "address": 1}


def test_ofac_says_when_the_other_files_are_missing(tmp_path: Path) -> None:
    _, reading = read("us-ofac-consolidated", put(tmp_path, "cons_prim.csv", PRIM))
    assert reading.notes == [
        "other names not read: no alt file lies beside cons_prim.csv",
        "addresses not read: no add file lies beside cons_prim.csv",
    ]


def test_ofac_cut_off(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cut off"):
        read("us-ofac-consolidated", put(tmp_path, "cons_prim.csv", PRIM[:-30]))


SDN = """<?xml version="1.0"?>
<sdnList xmlns="http://tempuri.org/sdnList.xsd">
 <publshInformation><Publish_Date>06/03/2021</Publish_Date><Record_Count>{count}</Record_Count>
 </publshInformation>
 <sdnEntry><uid>7</uid><lastName>CAMERA WORKS</lastName><sdnType>Entity</sdnType>
  <remarks>Listing Date (CMIC) 03 Jun 2021.</remarks>
  <programList><program>CMIC-EO13959</program></programList>
  <akaList><aka><uid>1</uid><type>a.k.a.</type><lastName>CW</lastName></aka></akaList>
  <addressList><address><uid>2</uid><city>Hangzhou</city><country>China</country></address>
  </addressList><idList><id><uid>3</uid><idType>ISIN</idType><idNumber>CN1</idNumber></id></idList>
  <novelty>x</novelty></sdnEntry>
</sdnList>"""


def test_ofac_xml(tmp_path: Path) -> None:
    (entry,), reading = read("us-ofac-sdn", put(tmp_path, "sdn.xml", SDN.format(count=1)))
    assert (entry.name, entry.aliases, entry.watchlist) == ("CAMERA WORKS", ("CW",), "us-ns-cmic")
    assert entry.announced == "2021-06-03"
    assert entry.identifiers == ("ISIN:CN1",)
    assert reading.published == "2021-06-03"
    assert reading.unknown == {"novelty": 1}
    assert entry.other["novelty"] == "x"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (SDN.format(count=2), "says that it has 2 entries and has 1"),
        (SDN.format(count=1)[:-30], "cut off"),
        ("<Designations/>", "root element is 'Designations'"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><sdnList/>', "document type"),
    ],
)
def test_ofac_xml_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read("us-ofac-sdn", put(tmp_path, "sdn.xml", text))


FTM = [
    {"id": "NK-1", "schema": "Company", "caption": "Camera Works", "target": True,
     "datasets": ["us_dod_chinese_milcorps"], "first_seen": "2023-01-01T00:00:00",
     "properties": {"name": ["Camera Works", "摄像工厂"], "alias": ["CW"], "country": ["cn"],
                    "uscCode": ["9133"], "topics": ["debarment"], "novelty": ["new"]}},
    {"id": "s-1", "schema": "Sanction", "datasets": ["us_dod_chinese_milcorps"],
     "properties": {"entity": ["NK-1"], "startDate": ["2021-06-03"], "endDate": ["2022-01-01"],
                    "authority": ["DoD"], "program": ["1260H"]}},
    {"id": "NK-2", "schema": "Company", "caption": "Parent Group", "target": False,
     "datasets": [], "properties": {"name": ["Parent Group"]}},
    {"id": "o-1", "schema": "Ownership", "properties": {"owner": ["NK-2"], "asset": ["NK-1"]}},
    {"id": "a-1", "schema": "Address", "properties": {"full": ["1 Road"]}},
]  # fmt: skip


def lines(rows: list[dict[str, object]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def test_ftm(tmp_path: Path) -> None:
    path = put(tmp_path, "entities.ftm.json", lines(FTM))
    (entry,), reading = read("opensanctions", path)
    assert entry.names == ("Camera Works", "摄像工厂", "CW")
    assert (entry.watchlist, entry.valid_from, entry.valid_to) == (
        "us-dod-1260h",
        "2021-06-03",
        "2022-01-01",
    )
    assert entry.parents == ("Parent Group",)
    assert entry.identifiers == ("uscCode:9133",)
    assert entry.other == {"novelty": "new", "first_seen": "2023-01-01T00:00:00"}
    assert reading.unknown == {"Company.novelty": 1}
    assert reading.auxiliary["Sanction"] == 1


def test_ftm_nested(tmp_path: Path) -> None:
    firm = {**FTM[0], "properties": {"name": ["Camera Works"], "sanctions": [FTM[1]]}}
    (entry,), _ = read("opensanctions", put(tmp_path, "t.json", lines([firm])))
    assert entry.valid_from == "2021-06-03"


def test_ftm_refused_and_set_aside(tmp_path: Path) -> None:
    whole = lines(FTM)
    with pytest.raises(InputError, match="cut off"):
        read("opensanctions", put(tmp_path, "a.json", whole[:-20]))
    with pytest.raises(InputError, match="no FollowTheMoney entity"):
        read("opensanctions", put(tmp_path, "b.json", '{"a": 1}\n'))
    _, reading = read("opensanctions", put(tmp_path, "c.json", whole + "{oops\n[1]\n"))
    assert [row.locator for row in reading.set_aside] == ["line:6", "line:7"]


def test_opensanctions_simple(tmp_path: Path) -> None:
    text = (
        "id,schema,name,aliases,birth_date,countries,addresses,identifiers,sanctions,phones,emails,"
        "program_ids,dataset,first_seen,last_seen,last_change\n"
        "NK-1,Company,Camera Works,CW;摄像,,cn,1 Road,9133,DoD,,,US-1260H,DoD list,2023-01-01,"
        "2026-01-01,2026-01-01\n"
    )
    (entry,), reading = read("opensanctions", put(tmp_path, "targets.simple.csv", text))
    assert entry.names == ("Camera Works", "CW", "摄像")
    assert entry.valid_from == ""
    assert "not computable" in reading.notes[0]


CSL = {
    "total": 1,
    "results": [
        {"id": "abc", "name": "Camera Works", "source": "Entity List (EL) - BIS",
         "alt_names": ["CW", "CamWorks"], "start_date": "2019-10-09", "end_date": None,
         "addresses": [{"address": "1 Road", "city": "Hangzhou", "country": "CN"}],
         "federal_register_notice": "84 FR 54002", "ids": [{"type": "ISIN", "number": "CN1"}],
         "license_policy": "Case-by-case", "country": None, "score": 1}
    ],
}  # fmt: skip


def test_csl_json(tmp_path: Path) -> None:
    (entry,), reading = read("us-csl", put(tmp_path, "csl.json", json.dumps(CSL)))
    assert entry.watchlist == "us-bis-entity"
    assert entry.aliases == ("CW", "CamWorks")
    assert (entry.valid_from, entry.scope) == ("2019-10-09", "Case-by-case")
    assert entry.identifiers == ("ISIN:CN1",)
    assert entry.addresses == ("1 Road, Hangzhou, CN",)
    assert reading.unknown == {"score": 1}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (json.dumps(CSL)[:-9], "cut off"),
        (json.dumps({**CSL, "total": 9}), "says that it has 9 entries"),
        ("{}", "no array 'results'"),
    ],
)
def test_csl_json_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read("us-csl", put(tmp_path, "csl.json", text))


UK_CSV = (
    "Report Date: 10-Nov-2025\n"
    "Last Updated,Unique ID,OFSI Group ID,Name 6,Name 1,Name type,Name non-latin script,"
    "Regime Name,Designation Type,Sanctions Imposed,Address Line 1,Address Country,"
    "Date Designated,Novelty\n"
    "01/02/2024,RUS1,99,Camera Works,,Primary name,,Russia,Entity,Asset freeze,1 Road,Russia,"
    "24/02/2022,\n"
    "01/02/2024,RUS1,99,CamWorks,,Alias,Камера,Russia,Entity,Asset freeze,,,24/02/2022,x\n"
)


UK_HEADINGS = (
    "Last Updated", "Unique ID", "OFSI Group ID", "UN Reference Number", "Name 6", "Name 1",
    "Name 2", "Name 3", "Name 4", "Name 5", "Name type", "Alias strength", "Title",
    "Name non-latin script", "Non-latin script type", "Non-latin script language", "Regime Name",
    "Individual, Entity, Ship", "Designation source", "Sanctions Imposed", "Other Information",
    "UK Statement of Reasons", "Address Line 1", "Address Line 2", "Address Line 3",
    "Address Line 4", "Address Line 5", "Address Line 6", "Address Postal Code", "Address Country",
    "Phone number", "Website", "Email address", "Date Designated", "D.O.B", "Nationality(/ies)",
    "National Identifier number", "National Identifier additional information", "Passport number",
    "Passport additional information", "Position", "Gender", "Town of birth", "Country of birth",
    "Type of entity", "Subsidiaries", "Parent Company", "Business registration number (s)",
    "IMO number", "Current owner/operator (s)", "Previous owner/operator (s)",
    "Current believed flag of ship", "Previous flags", "Type of ship", "Tonnage of ship",
    "Length of ship", "Year Built", "Hull identification number (HIN)",
)  # fmt: skip


def test_uk_sanctions_csv_with_all_published_headings(tmp_path: Path) -> None:
    cells = dict.fromkeys(UK_HEADINGS, "x") | {
        "Unique ID": "RUS9", "Name 6": "WORKS", "Name 1": "Camera", "Name type": "Alias",
        "Individual, Entity, Ship": "Entity", "Date Designated": "01/03/2022",
        "Parent Company": "Top Group",
    } | {f"Name {n}": "" for n in range(2, 6)}  # fmt: skip
    main = cells | {"Name type": "Primary Name", "Name 1": "Kamera"}
    other = cells | {"Name type": "Primary Name Variation", "Name 1": "Cam"}
    path = tmp_path / "uk.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as stream:
        stream.write("Report Date: 23-Sep-2026\r\n")
        writer = csv.DictWriter(stream, UK_HEADINGS)
        writer.writeheader()
        writer.writerows([cells, other, main])
    (entry,), reading = read("uk-sanctions", path)
    assert entry.name == "Kamera WORKS"
    assert (entry.kind, entry.valid_from, entry.parents) == (
        "LegalEntity",
        "2022-03-01",
        ("Top Group",),
    )
    assert (reading.published, dict(reading.unknown)) == ("2026-09-23", {})


def test_uk_sanctions_csv(tmp_path: Path) -> None:
    (entry,), reading = read("uk-sanctions", put(tmp_path, "uk.csv", UK_CSV))
    assert entry.names == ("Camera Works", "CamWorks", "Камера")
    assert (entry.kind, entry.valid_from, entry.scope) == (
        "LegalEntity",
        "2022-02-24",
        "Asset freeze",
    )
    assert reading.published == "2025-11-10"
    assert reading.unknown == {"Novelty": 1}
    assert reading.rows == 2


def test_uk_sanctions_ods(tmp_path: Path) -> None:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    sheet = Table(name="UK list")
    for line in UK_CSV.splitlines():
        row = TableRow()
        for text in line.split(","):
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=text))
            row.addElement(cell)
        sheet.addElement(row)
    book.spreadsheet.addElement(sheet)
    path = tmp_path / "uk.ods"
    book.save(str(path))
    (entry,), reading = read("uk-sanctions", path)
    assert entry.names == ("Camera Works", "CamWorks", "Камера")
    assert entry.locator == "sheet:UK list!row:3"
    assert reading.unknown == {"Novelty": 1}


UK_XML = """<?xml version="1.0"?><Designations><DateGenerated>10/11/2025</DateGenerated>
<Designation><LastUpdated>01/02/2024</LastUpdated><DateDesignated>24/02/2022</DateDesignated>
<UniqueID>RUS1</UniqueID><OFSIGroupID>99</OFSIGroupID><Names>
<Name><Name6>Camera Works</Name6><NameType>Primary Name</NameType></Name>
<Name><Name6>CamWorks</Name6><NameType>Alias</NameType></Name></Names>
<RegimeName>Russia</RegimeName><IndividualEntityShip>Entity</IndividualEntityShip>
<Addresses><Address><AddressLine1>1 Road</AddressLine1><AddressCountry>Russia</AddressCountry>
</Address></Addresses><Novelty>x</Novelty></Designation></Designations>"""


def test_uk_sanctions_xml(tmp_path: Path) -> None:
    (entry,), reading = read("uk-sanctions", put(tmp_path, "uk.xml", UK_XML))
    assert entry.names == ("Camera Works", "CamWorks")
    assert (entry.entry_id, entry.valid_from) == ("uk:RUS1", "2022-02-24")
    assert entry.countries == ("Russia",)
    assert reading.unknown == {"Novelty": 1}


def test_debarment(tmp_path: Path) -> None:
    text = (
        "Supplier name,Company number,Exclusion ground,Mandatory or discretionary,"
        "Date added,Date due to be removed,Novelty\n"
        "Camera Works Ltd,01234567,National security,Discretionary,01/03/2026,01/03/2030,x\n"
    )
    (entry,), reading = read("uk-debarment", put(tmp_path, "debarment.csv", text))
    assert (entry.name, entry.identifiers) == ("Camera Works Ltd", ("01234567",))
    assert (entry.valid_from, entry.valid_to) == ("2026-03-01", "2030-03-01")
    assert entry.scope == "Discretionary; National security"
    assert reading.unknown == {"Novelty": 1}


def test_debarment_wrong_list(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column for the exclusion ground"):
        read("uk-debarment", put(tmp_path, "x.csv", "Supplier,Amount\nA,1\n"))


@settings(max_examples=15, deadline=None)
@given(raw=st.binary(max_size=300))
def test_no_bytes_crash_a_reader(raw: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever the bytes: entries, or one sentence."""
    folder = tmp_path_factory.mktemp("raw")
    for spec in registry.SPECS:
        for form in spec.forms:
            path = folder / f"f{form.suffixes[0]}"
            path.write_bytes(raw)
            said = ""
            try:
                list(form.read(path, Reading(), spec.max_bytes))
            except NameplateError as error:
                said = str(error)
            assert "\n" not in said
