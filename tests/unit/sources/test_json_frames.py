"""Framing: whatever the framing and wherever blocks are cut, the same records come out."""

from __future__ import annotations

import io
import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nameplate.sources.json_frames import Frame, frames
from nameplate.sources.json_window import FrameError, TruncatedError, Window, value_end

TEXT = st.text(alphabet=st.sampled_from('ab{}[]",:\\ \n\té€😀'), max_size=12)
LEAF = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.just(1.5), TEXT)
VALUE = st.recursive(
    LEAF,
    lambda v: st.one_of(st.lists(v, max_size=3), st.dictionaries(TEXT, v, max_size=3)),
    max_leaves=8,
)
RELEASE = st.builds(
    lambda n, rest: {"ocid": f"ocds-{n}", **rest},
    st.integers(0, 99),
    st.dictionaries(TEXT, VALUE, max_size=3),
)


def read(data: bytes, block: int = 1 << 20, limit: int = 1 << 26) -> list[Frame]:
    return list(frames(Window(io.BytesIO(data), block=block, limit=limit)))


def write(releases: list[object], how: str, ascii_only: bool, indent: int | None) -> bytes:
    def dump(value: object, space: int | None = indent) -> str:
        return json.dumps(value, ensure_ascii=ascii_only, indent=space)

    if how == "lines":
        text = "".join(dump(r, None) + "\n" for r in releases)
    elif how == "concatenated":
        text = "".join(dump(r) for r in releases)
    elif how == "array":
        text = dump(releases)
    else:
        text = dump({"uri": "x", "version": "1.1", "releases": releases, "links": {"next": "]}"}})
    return text.encode()


@settings(max_examples=100, deadline=None)
@given(
    releases=st.lists(RELEASE, max_size=4),
    how=st.sampled_from(["lines", "concatenated", "array", "package"]),
    ascii_only=st.booleans(),
    indent=st.sampled_from([None, 1]),
    block=st.integers(1, 40),
)
def test_every_framing_gives_its_records(
    releases: list[object], how: str, ascii_only: bool, indent: int | None, block: int
) -> None:
    data = write(releases, how, ascii_only, indent)
    found = read(data, block)
    assert [f.error for f in found] == [""] * len(releases)
    assert [json.loads(f.data) for f in found] == releases
    for frame in found:
        assert data[frame.offset : frame.offset + frame.length] == frame.data
        assert frame.line == data.count(b"\n", 0, frame.offset) + 1


@settings(max_examples=100, deadline=None)
@given(
    releases=st.lists(RELEASE, min_size=1, max_size=4),
    how=st.sampled_from(["lines", "array", "package"]),
    cut=st.floats(0, 1),
    block=st.integers(1, 40),
)
def test_a_cut_tail_gives_the_complete_records_and_one_reason(
    releases: list[object], how: str, cut: float, block: int
) -> None:
    whole = write(releases, how, ascii_only=True, indent=None)
    data = whole[: int(len(whole) * cut)]
    found = read(data, block)
    complete = [f for f in found if not f.error]
    ends = [f.offset + f.length for f in read(whole)]
    if any(f.data.startswith(b'{"uri"') for f in found):
        return  # cut before its list began: one record, set aside
    assert len(complete) == sum(end <= len(data) for end in ends)
    assert len(found) - len(complete) <= 1


@given(data=st.binary(max_size=60), block=st.integers(1, 8))
def test_no_bytes_crash_it_or_depend_on_blocks(data: bytes, block: int) -> None:
    assert read(data, block) == read(data)


@given(text=st.text(alphabet='{}[]",:1a\\ \n', max_size=40), block=st.integers(1, 8))
def test_broken_json_gives_the_same_frames_whatever_the_blocks(text: str, block: int) -> None:
    assert read(text.encode(), block) == read(text.encode())


def test_a_broken_record_does_not_take_its_neighbours_with_it() -> None:
    data = b'{"releases":[{"ocid":"a"},{"ocid":"b","x":NaN,"y":"]}"},{"ocid":"c"}],"version":"1.1"}'
    members: dict[str, object] = {}
    found = list(frames(Window(io.BytesIO(data)), members))
    assert [f.error for f in found] == [
        "",
        "not JSON: invalid character (byte 16 of the record)",
        "",
    ]
    assert [f.pointer for f in found] == ["/releases/0", "/releases/1", "/releases/2"]
    assert members["version"] == "1.1"


@pytest.mark.parametrize(
    ("data", "records", "reason"),
    [
        (b"", 0, None),
        (b" \n ", 0, None),
        (b'{"ocid":"a"', 0, "the file ends in the middle of this record"),
        (b'[{"ocid":"a"},{"oc', 1, "the file ends in the middle of this record"),
        (b'[{"ocid":"a"}', 1, "the file ends before its list is closed: 1 complete records"),
        (b"<html></html>", 0, "not JSON"),
        (b"[" * 100_000, 0, "nested too deeply"),
        (b'[{"a":' + b"[" * 100_000 + b"]" * 100_000 + b'},{"ocid":"b"}]', 1, "nested too deeply"),
    ],
)
def test_reasons(data: bytes, records: int, reason: str | None) -> None:
    found = read(data)
    assert sum(not f.error for f in found) == records
    errors = [f.error for f in found if f.error]
    assert (not errors) if reason is None else (reason in errors[0])


def test_a_record_over_the_limit_is_set_aside_and_passed_in_bounded_memory() -> None:
    big = b'{"ocid":"big","x":"' + b"y" * 5_000_000 + b'"}'
    data = b'[{"ocid":"a"},' + big + b',{"ocid":"c"}]'
    window = Window(io.BytesIO(data), block=1 << 16, limit=1 << 20)
    found = []
    for frame in frames(window):
        found.append(frame)
        assert len(window.buffer) < 5_000_000
    assert [bool(f.error) for f in found] == [False, True, False]
    assert found[1].length == len(big)
    assert "more than 1 MB" in found[1].error


def test_a_single_record_with_releases_is_not_taken_for_a_package() -> None:
    data = b'{"releases":[{"id":1}],"ocid":"x"}'
    (frame,) = read(data)
    assert frame.data == data


def test_the_decoder_still_says_where_a_value_ends() -> None:
    # The framing rests on this message; a msgspec that words it otherwise must fail here.
    with pytest.raises(msgspec.DecodeError, match=r"trailing characters \(byte 9\)"):
        msgspec.json.decode(b'{"a":1} {"b":2}', type=msgspec.Raw)
    assert value_end(b'{"a":1} {"b":2}', 0) == 7
    with pytest.raises(TruncatedError):
        value_end(b'{"a":', 0)
    with pytest.raises(FrameError):
        value_end(b'{"a":nope}', 0)
