from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import tarfile
import zipfile
from pathlib import Path

import pytest

from nameplate.sources.archives import Limits, Member, unpack
from nameplate.sources.files import Unread
from nameplate.sources.sniff import sniff

CSV = b"Supplier,Amount,Date\nA,1,2020-01-01\n"


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in members.items():
            archive.writestr(name, raw)
    return out.getvalue()


def _tar(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, raw in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(raw)
            tar.addfile(info, io.BytesIO(raw))
    return out.getvalue()


def _unpack(tmp_path: Path, raw: bytes, limits: Limits | None = None) -> list[Member | Unread]:
    path = tmp_path / "given"
    path.write_bytes(raw)
    return list(unpack(path, "given", sniff(path, "given").family, tmp_path / "into", limits))


TWO = {"2011/a.csv": CSV, "2012/b.csv": CSV + b"B,2,2020-01-02\n"}


@pytest.mark.parametrize(
    "raw",
    [
        _zip(TWO),
        _tar(TWO),
        gzip.compress(_tar(TWO)),
        bz2.compress(_tar(TWO)),
        lzma.compress(_tar(TWO)),
    ],
    ids=["zip", "tar", "tar.gz", "tar.bz2", "tar.xz"],
)
def test_members_come_in_order_and_hashed(tmp_path: Path, raw: bytes) -> None:
    members = _unpack(tmp_path, raw)
    assert [m.name for m in members] == ["given!2011/a.csv", "given!2012/b.csv"]
    for member, content in zip(members, TWO.values(), strict=True):
        assert isinstance(member, Member)
        assert member.sha256 == hashlib.sha256(content).hexdigest()
        assert member.path.read_bytes() == content
        assert member.family == "csv"


def test_a_compressed_single_file_keeps_its_name(tmp_path: Path) -> None:
    (member,) = _unpack(tmp_path, gzip.compress(CSV))
    assert isinstance(member, Member)
    assert (member.name, member.size) == ("given", len(CSV))


def test_nested_archives_are_opened_to_a_bound(tmp_path: Path) -> None:
    raw = CSV
    for _ in range(3):
        raw = _zip({"in.zip": raw})
    (member,) = _unpack(tmp_path, raw)
    assert isinstance(member, Member)
    assert member.path.read_bytes() == CSV
    (refused,) = _unpack(tmp_path, raw, Limits(depth=2))
    assert isinstance(refused, Unread)
    assert "2 deep" in refused.reason


@pytest.mark.parametrize(
    ("limits", "word"),
    [
        (Limits(ratio=50, ratio_from=1 << 20), "bomb"),
        (Limits(total=1 << 20), "unpacks to more"),
        (Limits(members=1), "more than 1 files"),
        (Limits(spare_disk=1 << 60), "no room"),
    ],
)
def test_each_limit_stops_it_in_one_sentence(tmp_path: Path, limits: Limits, word: str) -> None:
    bomb = _zip({"a.csv": CSV, "b.csv": b"0" * (8 << 20)})
    found = _unpack(tmp_path, bomb, limits)
    assert isinstance(found[-1], Unread)
    assert word in found[-1].reason
    assert sum(f.stat().st_size for f in (tmp_path / "into").iterdir()) < 2 << 20


def test_a_bomb_inside_a_small_archive_counts_against_the_outer(tmp_path: Path) -> None:
    bomb = gzip.compress(gzip.compress(gzip.compress(b"\0" * (80 << 20))))
    assert len(bomb) < 5000
    found = _unpack(tmp_path, bomb)
    assert isinstance(found[-1], Unread)
    assert "bomb" in found[-1].reason


def test_members_never_choose_where_they_are_written(tmp_path: Path) -> None:
    found = _unpack(tmp_path, _zip({"../../evil.csv": CSV, "/etc/evil.csv": CSV}))
    assert all(isinstance(m, Member) and m.path.parent == tmp_path / "into" for m in found)
    assert not list(tmp_path.parent.glob("evil.csv"))


def test_one_damaged_member_does_not_lose_the_others(tmp_path: Path) -> None:
    raw = bytearray(_zip({"a.csv": CSV * 50, "b.csv": CSV}))
    raw[45:60] = b"\xff" * 15
    found = _unpack(tmp_path, bytes(raw))
    assert isinstance(found[0], Unread)
    assert "damaged" in found[0].reason
    assert isinstance(found[1], Member)


def test_a_cut_gzip_is_said_to_be_damaged(tmp_path: Path) -> None:
    found = _unpack(tmp_path, gzip.compress(bytes(range(256)) * 4000)[:-200])
    assert isinstance(found[-1], Unread)
    assert "damaged" in found[-1].reason


def test_encrypted_members_are_named(tmp_path: Path) -> None:
    raw = bytearray(_zip({"a.csv": CSV}))
    raw[6] |= 1
    raw[raw.rindex(b"PK\x01\x02") + 8] |= 1
    (found,) = _unpack(tmp_path, bytes(raw))
    assert isinstance(found, Unread)
    assert "encrypted" in found.reason
