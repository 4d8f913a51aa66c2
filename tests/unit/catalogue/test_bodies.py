from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nameplate.catalogue.bodies import Bodies, Body, load_bodies
from nameplate.catalogue.bodies_import import read_bodies, with_imported
from nameplate.catalogue.bodies_names import Resolver, body_from_path, resolve_body
from nameplate.model.errors import CatalogueError, InputError

RESOLVED = [
    ("LB Lambeth", "london-borough-of-lambeth"),
    ("Dudley MBC", "dudley-metropolitan-borough-council"),
    ("Hyndburn Borough Council", "hyndburn-borough-council"),
    ("HYNDBURN BC", "hyndburn-borough-council"),
    ("Devon CC", "devon-county-council"),
    ("Leicester CC", "leicester-city-council"),
    ("St.Helens Council", "st-helens-council"),
    ("Bath &amp; North East Somerset Council", "bath-and-north-east-somerset-council"),
    ("Kent County Council (T/a KCS Procurement Services)", "kent-county-council"),
    ("Suffolk County Council Passenger Transport", "suffolk-county-council"),
    ("E07000120", "hyndburn-borough-council"),
    ("GB-LAE-HYN", "hyndburn-borough-council"),
    ("Police, Fire & Crime Commissioner for Staffordshire",
     "police-and-crime-commissioner-for-staffordshire"),
    ("North Warwickshire Borough Council", "north-warwickshire-borough-council"),
    ("Colchester City Council", "colchester-borough-council"),
]  # fmt: skip
UNKNOWN = [
    "HBC",
    "Tower Hamlets",
    "Weymouth Town Council",
    "Lancashire County Council Pension Fund",
    "Cheltenham Borough Homes Limited",
    "Sheffield City Council - Meadowhead School",
    "Adur & Worthing Councils",
    "London Boroughs of Richmond and Wandsworth",
    "",
]


@pytest.mark.parametrize(("text", "key"), RESOLVED)
def test_names_as_files_write_them(text: str, key: str) -> None:
    found = resolve_body(text)
    assert found.body is not None, found
    assert found.body.key == key


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_names_no_body_is_unknown(text: str) -> None:
    assert resolve_body(text).status == "unknown"


def test_a_name_of_two_bodies_is_ambiguous() -> None:
    found = resolve_body("Newcastle Council")
    assert found.status == "ambiguous"
    assert len(found.candidates) == 2


def test_two_bodies_in_one_name_are_ambiguous() -> None:
    found = resolve_body("Nottingham City Council on behalf of Mansfield District Council")
    assert found.status == "ambiguous"
    found = resolve_body("Welland Procurement on behalf of Blaby District Council")
    assert found.body is not None
    assert found.body.key == "blaby-district-council"


def test_a_housing_company_is_no_department() -> None:
    assert resolve_body("Wakefield and District Housing").status == "unknown"
    assert resolve_body("Bracknell Forest Borough Council").status == "resolved"


def test_an_old_name_long_after_means_the_body_that_took_its_place() -> None:
    body = resolve_body("Shropshire County Council", date(2022, 5, 1)).body
    assert body is not None
    assert body.key == "shropshire-council"
    body = resolve_body("Shropshire County Council", date(2009, 9, 1)).body
    assert body is not None
    assert body.key == "shropshire-county-council"


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("spend/hyndburn/1491307420513_1701.csv", "hyndburn-borough-council"),
        ("spend/devon/DCCSpendingOver500_201107.csv", "devon-county-council"),
        ("devon-183-csv.tar.gz!2011/DCC.csv", "devon-county-council"),
        ("spend/tfl/2010.csv", "transport-for-london"),
        ("spend/cabinetoffice/2019-06.csv", "cabinet-office"),
        ("x/Babergh District Council.xlsx", "babergh-district-council"),
        ("dudley_mbc_payments.csv", "dudley-metropolitan-borough-council"),
    ],
)
def test_paths(path: str, key: str) -> None:
    found = body_from_path(path)
    assert found.body is not None, found
    assert found.body.key == key


@pytest.mark.parametrize(
    "path", ["x/Reading list.csv", "spend/nhs/x.csv", "contracts_finder_lancashire/a.json", ""]
)
def test_paths_that_name_none(path: str) -> None:
    assert body_from_path(path).status == "unknown"


def test_a_date_decides_between_a_council_and_its_successor_of_the_same_place() -> None:
    assert body_from_path("north-yorkshire/x.csv").status == "ambiguous"
    body = body_from_path("north-yorkshire/x.csv", date(2022, 1, 1)).body
    assert body is not None
    assert body.key == "north-yorkshire-county-council"


def test_the_text_outweighs_the_path() -> None:
    body = resolve_body("LB Lambeth", path_hint="spend/hyndburn/x.csv").body
    assert body is not None
    assert body.key == "london-borough-of-lambeth"
    assert resolve_body("", path_hint="spend/hyndburn/x.csv").status == "resolved"
    assert resolve_body("Acme Ltd", path_hint="spend/hyndburn/x.csv").status == "unknown"


def test_a_reorganisation_is_followed_either_way() -> None:
    bodies = load_bodies()
    taunton = bodies.get("taunton-deane-borough-council")
    assert [one.key for one in bodies.successors(taunton)] == ["somerset-council"]
    assert [one.key for one in bodies.as_at(taunton, date(2020, 1, 1))] == [
        "somerset-west-and-taunton-council"
    ]
    bucks = bodies.get("buckinghamshire-council")
    before = bodies.as_at(bucks, date(2019, 1, 1))
    assert len(before) == 5
    assert bodies.predecessors(bucks) == before
    assert len(bodies.family(bucks)) == 6
    county = bodies.get("northamptonshire-county-council")
    assert len(bodies.successors(county)) == 2


def test_every_council_resolves_to_itself_by_its_own_name() -> None:
    for body in load_bodies():
        found = resolve_body(body.name)
        assert found.body is not None, (body.name, found)
        assert found.body.key == body.key


def test_an_end_is_the_first_day_after() -> None:
    dorset = load_bodies().get("dorset-county-council")
    assert dorset.valid_to == "2019-04-01"
    assert dorset.existed(date(2019, 3, 31))
    assert not dorset.existed(date(2019, 4, 1))


def test_further_bodies_come_from_a_csv_and_bad_rows_are_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "nhs.csv"
    path.write_text(
        "name,kind,org_id,valid_from,colour\n"
        "Leeds Teaching Hospitals NHS Trust,nhs,GB-NHS-RR8,1998-04-01,blue\n"
        ",nhs,,,\nOther,ward,,,\nLate,nhs,,soon,\n",
        encoding="utf-8",
    )
    imported = read_bodies(path)
    assert [row for row, _ in imported.set_aside] == [3, 4, 5]
    assert imported.unknown_columns == ("colour",)
    resolver = Resolver(with_imported(load_bodies(), imported))
    found = resolver.resolve("Leeds Teaching Hospitals NHS Trust")
    assert found.body is not None
    assert found.body.org_id == "GB-NHS-RR8"


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="name and kind"):
        read_bodies(path)


def test_a_successor_that_is_not_there_is_refused() -> None:
    with pytest.raises(CatalogueError, match="nowhere"):
        Bodies([Body(key="a", name="A", kind="other", replaced_by=("nowhere",))], {})


@given(st.text(max_size=80), st.dates())
def test_no_text_breaks_the_resolver(text: str, on: date) -> None:
    assert resolve_body(text, on).status in {"resolved", "unknown", "ambiguous"}
    assert body_from_path(text, on).status in {"resolved", "unknown", "ambiguous"}
