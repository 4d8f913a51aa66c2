from pathlib import Path

import pytest

from nameplate.catalogue.store import load
from nameplate.tracing.finder import TextFinder, cache_folder, load_finder

WRITTEN = [
    "Bosch dome cameras",
    "4 Hik Vision domes",
    "Híkvision",
    "\u6d77\u5eb7\u5a01\u89c6",
    "Hlkvision",
    "body worn video",
    "c.c.t.v",
    "DS-2CD2143G0-I",
    "\uff28\uff49\uff4b\uff56\uff49\uff53\uff49\uff4f\uff4e",
    "Dahva cameras",
    "78504575CCTV",
]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp850"]


@pytest.fixture(scope="module", params=["hyperscan", "portable"])
def finder(request: pytest.FixtureRequest) -> TextFinder:
    if request.param == "hyperscan":
        pytest.importorskip("hyperscan")
    return load_finder(load(), request.param)


@pytest.mark.parametrize("text", WRITTEN)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_no_encoding_hides_a_name(finder: TextFinder, text: str, encoding: str) -> None:
    try:
        raw = f'id,1\r\n"x {text}"\r\n'.encode(encoding)
    except UnicodeEncodeError:
        pytest.skip("not in this code page")
    assert finder.matches(text)
    hits = finder.scan(raw)
    assert hits
    assert hits == sorted(hits)
    assert all(0 <= hit < len(raw) for hit in hits)


@pytest.mark.parametrize("text", WRITTEN)
def test_no_escape_hides_a_name(finder: TextFinder, text: str) -> None:
    escaped = "".join(f"\\u{ord(c):04x}" for c in text)
    entities = "".join(f"&#{ord(c)};" for c in text)
    some = "".join(f"\\u{ord(c):04x}" if i % 2 else c for i, c in enumerate(text))
    for raw in (escaped, entities, some):
        assert finder.scan(f'{{"title":"{raw}"}}\n'.encode("utf-8", "surrogatepass"))


def test_plain_text_is_no_candidate(finder: TextFinder) -> None:
    assert finder.scan(b"Children's homes, agency staff, catering 1234.50\n" * 20) == []
    assert not finder.matches("Children's homes")


def test_a_block_may_begin_and_end_with_a_name(finder: TextFinder) -> None:
    assert finder.scan(b"Bosch")
    assert finder.scan(b"") == []


def test_a_damaged_cache_is_rebuilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("hyperscan")
    finder = load_finder(load(), "hyperscan")
    cached = next(p for p in cache_folder().glob("patterns-*-1.hs") if _current(p))
    whole = cached.read_bytes()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    copy = cache_folder() / cached.name
    copy.parent.mkdir()
    copy.write_bytes(whole[:-100] + b"\0" * 100)
    again = load_finder(load(), "hyperscan")
    assert again.scan(b" hikvision ") == finder.scan(b" hikvision ")
    assert copy.read_bytes() == whole


def _current(path: Path) -> bool:
    from importlib import import_module

    from nameplate.tracing import finder as module

    key = module._cache_key(load(), import_module("hyperscan"))
    return path.name == f"patterns-{key}-1.hs"


def test_cpv_codes_that_mark_surveillance(finder: TextFinder) -> None:
    assert finder.matches_cpv(("32323500-8",))
    assert not finder.matches_cpv(("45000000",))
