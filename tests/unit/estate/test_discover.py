import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from nameplate.cli.estate import command
from nameplate.estate.discover import authority, snmp
from nameplate.model.errors import LimitError, UsageError

TODAY = datetime.date(2026, 6, 1)


def test_nothing_starts_without_an_authority(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        command, ["discover", "--network", "192.0.2.0/28", "--out", str(tmp_path / "d")]
    )
    assert done.exit_code != 0
    assert isinstance(done.exception, UsageError)
    for option in ("--authorised-by", "--authorised-network", "--authorised-until"):
        assert option in str(done.exception)
    assert not (tmp_path / "d").exists()


@pytest.mark.parametrize("missing", ["by", "network", "until"])
def test_each_part_of_the_authority_is_needed(missing: str) -> None:
    parts = {"by": "J. Smith, CIO", "network": "192.0.2.0/24", "until": TODAY}
    parts[missing] = None if missing == "until" else " "
    with pytest.raises(UsageError, match=missing):
        authority.authority(parts["by"], parts["network"], parts["until"])


def test_only_what_was_authorised_and_only_until_then() -> None:
    held = authority.authority("J. Smith, CIO", "192.0.2.0/24", TODAY)
    small = authority.parse_network("192.0.2.0/30")
    assert authority.addresses(small, held, TODAY) == ["192.0.2.1", "192.0.2.2"]
    with pytest.raises(UsageError, match="is not within"):
        authority.addresses(authority.parse_network("198.51.100.0/30"), held, TODAY)
    with pytest.raises(UsageError, match="ended on"):
        authority.addresses(small, held, TODAY + datetime.timedelta(days=1))
    wide = authority.authority("J. Smith, CIO", "10.0.0.0/8", TODAY)
    with pytest.raises(LimitError, match="more than 4096"):
        authority.addresses(authority.parse_network("10.0.0.0/8"), wide, TODAY)


def test_it_says_first_what_it_will_do() -> None:
    done = CliRunner().invoke(
        command,
        [
            "discover", "--network", "192.0.2.0/30", "--authorised-by", "J. Smith, CIO",
            "--authorised-network", "192.0.2.0/24", "--authorised-until", "2099-01-01", "--dry-run",
        ],
    )  # fmt: skip
    assert done.exit_code == 0
    assert "No password is tried" in done.output
    assert "2 addresses of 192.0.2.0/30 will be asked, and no other" in done.output


def test_an_snmp_question_is_the_bytes_that_net_snmp_sends() -> None:
    asked = snmp.request("public", 0x4E50)
    assert asked[:2] == bytes([0x30, len(asked) - 2])
    assert b"public" in asked
    assert bytes.fromhex("06082b06010201010100") in asked
    assert bytes.fromhex("06082b06010201010200") in asked


def test_an_snmp_answer_is_read() -> None:
    oid = bytes.fromhex("06082b06010201010100")
    text = b"Camera"
    bind = oid + bytes([4, len(text)]) + text
    binds = bytes([0x30, len(bind) + 2, 0x30, len(bind)]) + bind
    pdu = bytes([2, 1, 1, 2, 1, 0, 2, 1, 0]) + binds
    message = bytes([2, 1, 1, 4, 1, 0x70, 0xA2, len(pdu)]) + pdu
    assert snmp.answer(bytes([0x30, len(message)]) + message) == {snmp.SYS_DESCR: "Camera"}


@given(st.binary(max_size=200))
def test_no_datagram_breaks_the_reader(data: bytes) -> None:
    try:
        found = snmp.answer(data)
    except ValueError:
        return
    assert isinstance(found, dict)
