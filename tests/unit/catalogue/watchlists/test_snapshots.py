"""Imports: content-addressed, compared, refused in one sentence; the snapshot in force stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nameplate.catalogue.watchlists import registry, sheets
from nameplate.catalogue.watchlists.entry import Reading
from nameplate.catalogue.watchlists.snapshots import Imported, Store
from nameplate.model.errors import InputError, LimitError, NameplateError, StoreError, UsageError
from nameplate.tabular.workbook import Limits

HEADER = "Name,Clean Name,Alias,Previous Name,Parent Name,Note,Start date,End date,Source Url\n"


def dod(count: int, *, extra: str = "", start: str = "2022-10-05") -> str:
    rows = "".join(f"Firm {n} (F{n})*,Firm {n},F{n},,,,{start},,\n" for n in range(count))
    return HEADER + rows + extra


def put(folder: Path, text: str | bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def bring(store: Store, path: Path, key: str = "us-dod-1260h", **more: bool) -> Imported:
    return store.bring_in(key, path, received="2026-11-23", **more)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "lists")


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_an_import_keeps_the_original_and_its_entries(store: Store, tmp_path: Path) -> None:
    path = put(tmp_path, dod(60))
    done = bring(store, path)
    assert (done.is_new, done.snapshot.entries, done.snapshot.rows) == (True, 60, 60)
    sha = done.snapshot.snapshot_id
    assert (store.folder / "originals" / sha[:2] / sha).read_bytes() == path.read_bytes()
    first = next(iter(store.entries(done.snapshot)))
    assert (first.name, first.aliases, first.valid_from) == (
        "Firm 0",
        ("Firm 0 (F0)", "F0"),
        "2022-10-05",
    )
    assert first.locator == "line:2"


def test_a_second_import_of_the_same_file_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = put(tmp_path, dod(60))
    bring(store, path)
    before = tree(store.folder)
    again = bring(store, put(tmp_path, dod(60), "renamed.csv"))
    assert not again.is_new
    assert tree(store.folder) == before


def test_the_same_bytes_give_the_same_store(tmp_path: Path) -> None:
    path = put(tmp_path, dod(60))
    one, two = Store(tmp_path / "a"), Store(tmp_path / "b")
    bring(one, path)
    bring(two, path)
    assert tree(one.folder) == tree(two.folder)


def test_two_snapshots_give_a_diff(store: Store, tmp_path: Path) -> None:
    bring(store, put(tmp_path, dod(60)))
    text = dod(60, extra="New Firm,New Firm,,,,,2026-06-08,,\n")
    text = text.replace("Firm 7,F7,,,,2022-10-05,,", "Firm 7,F7,,,,2022-10-05,2026-02-17,")
    text = text.replace("Firm 8,F8,,,,", "Firm 8,F8,,,No apparent nexus,")
    text = text.replace("Firm 9 (F9)*,Firm 9,F9,,,,2022-10-05,,\n", "")
    done = bring(store, put(tmp_path, text))
    assert [(c.kind, c.name, c.fields) for c in done.changes] == [
        ("added", "New Firm", ()),
        ("changed", "Firm 8", ("note",)),
        ("ended", "Firm 7", ("valid_to",)),
        ("ended", "Firm 9", ("gone",)),
    ]
    assert len(store.history("us-dod-1260h")) == 2


REFUSED = [
    ("cut off in a row", dod(60)[:-20], "is cut off"),
    ("cut off in a quote", dod(60) + '"Firm', "is cut off"),
    ("cut off in its middle", dod(20), "has at least 50"),
    ("wrong list", "schema,name,program,authority\nCompany,A,B,C\n" * 60, "'Name' is missing"),
    ("UTF-16", dod(60).encode("utf-16"), "UTF-16"),
    ("Windows-1252", dod(60, extra="Café,Café,,,,,2022-10-05,,\n").encode("cp1252"), "not UTF-8"),
    ("binary", b"PK\x03\x04" + b"x" * 100, "binary"),
    ("web page", "<!DOCTYPE html><html>" + dod(60), "a web page"),
    ("empty", "", "empty"),
    ("too many entries", dod(4100), "more than 4,000 entries"),
    ("a hundred times too long", HEADER + "x" * 5_000_000, "has never had more than"),
    ("formulas all over", dod(60).replace("Firm 1", "=Firm 1"), "begins with '='"),
    ("letters damaged all over", dod(60).replace("Firm 1", "Xiâ€™an 1"), "wrong encoding"),
    ("blank lines only", "\n\n", "'Name' is missing"),
    ("a column twice", dod(60).replace("Note", "Alias"), "stands twice"),
]


@pytest.mark.parametrize(("text", "says"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_a_wrong_file_is_refused_and_the_snapshot_in_force_stays(
    store: Store, tmp_path: Path, text: str | bytes, says: str
) -> None:
    bring(store, put(tmp_path, dod(61)))
    before = tree(store.folder)
    with pytest.raises(NameplateError) as caught:
        bring(store, put(tmp_path, text))
    assert says in str(caught.value)
    assert str(caught.value).count("\n") == 0
    assert tree(store.folder) == before


def test_a_refused_first_import_leaves_no_snapshot(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        bring(store, put(tmp_path, dod(3)))
    assert store.lists() == []
    assert tree(store.folder) == {}


def test_one_formula_is_set_aside_and_said(store: Store, tmp_path: Path) -> None:
    text = dod(60, extra='=HYPERLINK("http://x"),Bad,,,,,2022-10-05,,\n')
    done = bring(store, put(tmp_path, text))
    assert (done.snapshot.rows, done.snapshot.entries, done.snapshot.set_aside) == (61, 60, 1)
    (row,) = done.set_aside
    assert row.locator == "line:62"
    assert "formula" in row.reason


def test_a_row_with_too_many_or_too_few_cells_is_set_aside(store: Store, tmp_path: Path) -> None:
    text = HEADER + "A,A\n" + "B,B,,,,,2022-10-05,,,,more\n" + dod(60).removeprefix(HEADER)
    done = bring(store, put(tmp_path, text))
    assert [row.reason for row in done.set_aside] == [
        "has 2 cells under 9 columns",
        "has 11 cells under 9 columns",
    ] or sorted(row.locator for row in done.set_aside) == ["line:2", "line:3"]


def test_a_field_not_understood_is_reported_and_kept(store: Store, tmp_path: Path) -> None:
    text = dod(60).replace("Source Url\n", "Source Url,Risk\n").replace(",,\n", ",,,high\n")
    done = bring(store, put(tmp_path, text))
    assert done.snapshot.unknown == {"Risk": 60}
    assert next(iter(store.entries(done.snapshot))).other == {"Risk": "high"}


def test_a_list_that_shrinks_or_grows_unusually_needs_a_word(store: Store, tmp_path: Path) -> None:
    bring(store, put(tmp_path, dod(200)))
    for count, says in ((130, "probably cut off"), (1100, "probably another list")):
        path = put(tmp_path, dod(count))
        with pytest.raises(InputError, match=says):
            bring(store, path)
        assert store.in_force("us-dod-1260h").entries == 200  # type: ignore[union-attr]
    assert bring(store, put(tmp_path, dod(130)), accept=True).snapshot.entries == 130


def test_an_older_file_does_not_come_back_unasked(store: Store, tmp_path: Path) -> None:
    bring(store, put(tmp_path, dod(60)))
    bring(store, put(tmp_path, dod(61)))
    with pytest.raises(InputError, match="older than the snapshot in force"):
        bring(store, put(tmp_path, dod(60)))
    assert bring(store, put(tmp_path, dod(60)), accept=True).snapshot.entries == 60


def test_altered_entries_are_not_read(store: Store, tmp_path: Path) -> None:
    done = bring(store, put(tmp_path, dod(60)))
    path = store.folder / "us-dod-1260h" / done.snapshot.entries_file
    path.write_bytes(path.read_bytes().replace(b"Firm 1", b"Firm X"))
    with pytest.raises(StoreError, match="altered"):
        list(store.entries(done.snapshot))


def test_unknown_list_and_unknown_ending(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="own-NAME"):
        bring(store, put(tmp_path, dod(60)), key="no-such")
    with pytest.raises(InputError, match="is no form of"):
        bring(store, put(tmp_path, dod(60), "list.pdf"))


def test_own_list(store: Store, tmp_path: Path) -> None:
    text = "name,aliases,valid_from,scope\nBad Cameras Ltd,BC; BadCam,01/02/2020,our own rule\n"
    done = bring(store, put(tmp_path, text), key="own-harlow")
    (entry,) = store.entries(done.snapshot)
    assert entry.names == ("Bad Cameras Ltd", "BC", "BadCam")
    assert (entry.valid_from, entry.scope) == ("2020-02-01", "our own rule")


def test_workbook_limits(tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    import zipfile

    path = tmp_path / "bomb.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", b"0" * 5_000_000)
    monkeypatch.setattr(sheets, "LIMITS", Limits(unpacked=4_000_000))
    with pytest.raises(LimitError, match=r"bomb\.ods"):
        store.bring_in("uk-debarment", path, received="2026-11-23")
    with pytest.raises(InputError, match="cut short or damaged"):
        bring(store, put(tmp_path, b"PK nothing", "x.ods"), key="uk-debarment")


@pytest.mark.parametrize("key", [s.key for s in registry.SPECS])
def test_each_list_says_on_what_basis_it_is_read(key: str) -> None:
    spec = registry.spec(key)
    assert spec.least < spec.most
    assert all(f.basis in (registry.REAL, registry.DOCUMENTED) for f in spec.forms)


def test_record_of_snapshots_is_plain_json(store: Store, tmp_path: Path) -> None:
    bring(store, put(tmp_path, dod(60)))
    (record,) = json.loads((store.folder / "us-dod-1260h" / "snapshots.json").read_bytes())
    assert record["files"][0]["name"] == "list.csv"
    assert str(tmp_path) not in json.dumps(record)


def test_reading_counts_rows() -> None:
    assert Reading().rows == 0
