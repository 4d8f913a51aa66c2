"""Pages: valid, linked, small, and every total equal to a query over the published Parquet."""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import duckdb
import html5lib
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from lxml import etree

NS = "{http://www.w3.org/1999/xhtml}"
MOST_BYTES = 200_000


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def parsed(path: Path) -> Any:
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("lxml"), strict=True)
    return parser.parse(path.read_text(encoding="utf-8"))


def text(path: Path) -> str:
    return " ".join("".join(parsed(path).getroot().itertext()).split())


def test_every_page_is_valid_small_and_its_links_resolve(site: Path) -> None:
    found = pages(site)
    assert len(found) == 14
    for path in found:
        tree = parsed(path)
        assert path.stat().st_size < MOST_BYTES
        assert "Is this wrong?" in "".join(tree.getroot().itertext())
        ids = [e.get("id") for e in tree.iter() if e.get("id")]
        assert len(ids) == len(set(ids))
        for element in tree.iter(f"{NS}a", f"{NS}link", f"{NS}script"):
            target = element.get("href") or element.get("src")
            if re.match(r"https?:|mailto:", target):
                continue
            name, _, anchor = target.partition("#")
            there = (path.parent / unquote(name)).resolve() if name else path.resolve()
            assert there.is_file(), (path.name, target)
            if anchor and there == path.resolve():
                assert anchor in ids


def query(site: Path, total: Any) -> Decimal:
    """The total worked out anew from the Parquet, without the flags that the pages use."""
    currency, kind, tax = total.get("data-measure").split(" ")
    scope, key, name = (total.get(f"data-{n}") for n in ("scope", "key", "total"))
    data = site / "data"
    where = {
        "all": "true",
        "maker": "a.maker = $key",
        "body": "a.body_id = $key",
        "supplier": "list_contains(string_split(p.supplier, '; '), $key)",
    }[scope]
    grades = "('stated','observed','named'" + (",'open')" if name == "possible" else ")")
    params: dict[str, Any] = {"c": "" if currency == "-" else currency, "k": kind, "t": tax}
    if scope != "all":
        params["key"] = key
    found = duckdb.execute(
        f"""select sum(amount) from (select distinct a.purchase_id, a.amount
        from '{data}/attributions.parquet' a join '{data}/purchases.parquet' p
        using (purchase_id) where a.in_totals and a.grade in {grades} and {where}
        and coalesce(a.currency, '') = $c and a.amount_kind = $k and a.amount_tax = $t)""",
        params,
    ).fetchone()
    assert found is not None
    amount = found[0] or Decimal(0)
    if scope in ("all", "maker") and name != "confirmed":
        column = "amount" if name == "possible" else "expected"
        row = duckdb.execute(
            f"""select sum({column}) from '{data}/inferred_sums.parquet' where maker = $m
            and currency = $c and amount_kind = $k and amount_tax = $t""",
            {"m": key, "c": params["c"], "k": kind, "t": tax},
        ).fetchone()
        amount += (row and row[0]) or Decimal(0)
    return amount


def test_every_total_equals_a_query_over_the_parquet(site: Path) -> None:
    checked = set()
    for path in pages(site):
        for total in parsed(path).iter(f"{NS}data"):
            assert Decimal(total.get("value")) == query(site, total), (path.name, total.attrib)
            checked.add((total.get("data-scope"), total.get("data-total")))
    wide = {(s, t) for s in ("all", "maker") for t in ("confirmed", "likely", "possible")}
    narrow = {(s, t) for s in ("body", "supplier") for t in ("confirmed", "possible")}
    assert checked == wide | narrow


def test_the_worked_example_has_the_storys_table_and_claims_no_more(site: Path) -> None:
    front = text(site / "index.html")
    assert "about £833,000" in front
    assert len(re.findall("£[0-9]", front)) == len(re.findall("about £[0-9]", front))
    assert "2019-10-09" in front
    assert "no published records" in front
    assert "no total on this site includes them" in front
    makers = text(next(site.glob("makers/hikvision-*.html")))
    for name in ("Dudley", "North Warwickshire", "Colchester", "DV Limited", "Synectics Security"):
        assert name in makers
    assert "does not sell to the end user directly" in makers
    body = text(next(site.glob("bodies/dudley-*.html")))
    assert "A full procurement review at the end of 2021" in body
    for path in pages(site):
        assert "at least £1" not in text(path)
        assert "£1 million" not in text(path)
        # What is stated by a newspaper is worded as that, wherever the maker is tied to a purchase.
    assert "a press report says that it is Hikvision equipment" in makers


def test_hostile_names_are_text_and_pages_stay_valid(
    build: Callable[..., Any], traced: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    for path in traced.iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    table = pq.read_table(folder / "purchases.parquet")
    rows = table.to_pylist()
    evil = '<script>alert(1)</script> & "Sons" Ltd'
    rows[0]["title"] = rows[0]["body"] = evil
    rows[0]["suppliers"] = [{"name": evil, "role": "supplier", "identifiers": []}]
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), folder / "purchases.parquet")
    out = tmp_path / "site"
    build(out, folder=folder)
    for path in pages(out):
        scripts = [e.get("src") for e in parsed(path).iter(f"{NS}script")]
        assert all(scripts), path.name
    assert b"</script>" not in (out / "assets/index.js").read_bytes()
    assert any("alert(1)" in text(p) for p in out.glob("suppliers/*.html"))


def test_corrections_are_listed_and_carried_on(
    build: Callable[..., Any], traced: Path, site: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    for path in traced.iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    table = pq.read_table(folder / "attributions.parquet")
    rows = table.to_pylist()
    changed = rows[0]["attribution_id"]
    rows[0]["amount"] = Decimal(440000)
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), folder / "attributions.parquet")
    second = tmp_path / "second"
    build(second, folder=folder, previous=site, name="Second")
    page = text(second / "corrections.html")
    assert changed in page
    assert "amount 450000" in page
    assert "amount 440000" in page
    feed = etree.parse(second / "corrections.xml")
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == 1
    third = tmp_path / "third"
    build(third, folder=folder, previous=second, name="Third")
    assert changed in text(third / "corrections.html")


def test_charts_tell_grades_apart_without_colour(site: Path) -> None:
    svg = next(e for e in parsed(site / "index.html").iter() if str(e.tag).endswith("svg"))
    assert svg.get("role") == "img"
    patterns = [e for e in svg.iter() if str(e.tag).endswith("pattern")]
    assert len({etree.tostring(p[0]) + etree.tostring(p) for p in patterns}) == 4
    words = "".join(svg.itertext())
    assert all(grade in words for grade in ("stated", "named", "open"))
    assert "833,000" in words
    assert (site / "charts/makers.csv").read_text().splitlines()[1:] == [
        "Hikvision,GBP award unknown,stated,833000"
    ]


@pytest.mark.parametrize("name", ["corrections.html", "named.html", "data.html", "method.html"])
def test_fixed_pages_are_there(site: Path, name: str) -> None:
    assert (site / name).is_file()
