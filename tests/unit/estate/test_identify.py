import re

import pytest

from nameplate.estate.facts import store as facts
from nameplate.estate.facts.schema import SignKind
from nameplate.estate.grammar import match_model
from nameplate.estate.identify import identify, line_of
from nameplate.estate.mac import normalise_mac, registrant, tells_nothing
from nameplate.model.device import Field, Reading, Sighting


def seen(**fields: str) -> Sighting:
    readings = tuple(Reading(Field(name), value) for name, value in fields.items())
    return Sighting(source_file="t", source_sha256="", locator="", format="test", readings=readings)


@pytest.mark.parametrize("sign", facts.signs(), ids=lambda s: s.id)
def test_every_sign_finds_its_examples_and_not_its_counter_examples(sign) -> None:
    pattern = re.compile(sign.pattern, re.IGNORECASE)
    assert sign.examples
    for text in sign.examples:
        assert pattern.search(text), text
    for text in sign.counter_examples:
        assert not pattern.search(text), text
    assert sign.sources
    assert SignKind(sign.kind)


@pytest.mark.parametrize("grammar", facts.grammars(), ids=lambda g: g.id)
def test_every_device_grammar_finds_its_examples(grammar) -> None:
    for text in grammar.examples:
        assert any(h.maker == grammar.maker for h in match_model(text)), text
    for text in grammar.counter_examples:
        assert all(h.maker != grammar.maker for h in match_model(text)), text


def test_a_manufacturer_and_a_model_agree() -> None:
    found = identify(seen(manufacturer="HIKVISION", model="DS-2CD2143G0-I"))
    assert found.maker == "Hikvision"
    assert found.confidence > 0.99
    assert not found.contradictions


def test_the_common_beginning_ipc_alone_names_nobody() -> None:
    for model in ("IPC-", "IPC", "IPC-123", "IPCAM", "IP Camera"):
        assert identify(seen(model=model)).maker == "unknown"


def test_nothing_known_is_unknown_and_not_an_empty_string() -> None:
    found = identify(seen(address="192.0.2.7"))
    assert (found.maker, found.confidence, found.evidence) == ("unknown", 0.0, ())


@pytest.mark.parametrize("mac", ["0A:B1:23:45:67:89", "02:00:00:00:00:01", "01:00:5e:00:00:01"])
def test_local_and_group_addresses_tell_nothing(mac: str) -> None:
    assert tells_nothing(normalise_mac(mac))
    assert registrant(normalise_mac(mac)) == ""
    assert identify(seen(mac=mac)).maker == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        "B8:A4:4F:A0:4F:26",
        "b8-a4-4f-a0-4f-26",
        "b8a4.4fa0.4f26",
        "B8A44FA04F26",
        "b8 a4 4f a0 4f 26",
    ],
)
def test_addresses_are_read_in_every_common_form(text: str) -> None:
    assert normalise_mac(text) == "b8a44fa04f26"


@pytest.mark.parametrize("text", ["", "n/a", "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "12:34"])
def test_what_is_no_address_is_none(text: str) -> None:
    assert normalise_mac(text) == ""


def test_an_unrelated_firm_of_a_like_name_is_not_taken_for_the_badge() -> None:
    found = identify(seen(oui_vendor="Jorex Lorex India Private Limited"))
    assert found.brand == ""


def test_a_badge_is_seen_through_when_the_device_tells_who_made_it() -> None:
    found = identify(seen(manufacturer="LTS", model="DS-2CD2143G0-I", mac="44:19:B6:00:00:01"))
    assert (found.maker, found.brand) == ("Hikvision", "LTS")
    assert found.note == "badge LTS, made by Hikvision"


def test_a_badge_alone_names_no_maker_and_says_what_it_may_hide() -> None:
    found = identify(seen(manufacturer="LTS", model="CMIP7422N"))
    assert (found.maker, found.brand) == ("unknown", "LTS")
    assert "nothing on this device tells which" in found.note


def test_a_maker_that_makes_its_own_is_not_taken_for_another_by_its_network_part() -> None:
    found = identify(seen(manufacturer="Axis", model="P1354", mac="44:19:B6:00:00:01"))
    assert found.maker in ("Axis Communications", "unknown")
    assert found.maker_key != "hikvision"
    assert found.contradictions


def test_a_badge_with_two_signs_of_another_maker_is_only_a_badge() -> None:
    found = identify(
        seen(
            manufacturer="Honeywell",
            model="X1",
            mac="44:19:B6:00:00:01",
            firmware="V5.4.5 build 170124",
        )
    )
    assert (found.maker, found.brand) == ("Hikvision", "Honeywell")


def test_a_brand_of_the_maker_is_shown_as_the_brand() -> None:
    found = identify(seen(manufacturer="EZVIZ", model="CS-C6N-A0-1C2WFR"))
    assert (found.maker, found.brand) == ("Hikvision", "EZVIZ")


def test_an_axis_serial_number_is_its_address() -> None:
    line = line_of(seen(manufacturer="AXIS", model="P3818-PVE", serial="B8A44FA04F26"))
    assert line.mac == "B8:A4:4F:A0:4F:26"


def test_apache_axis_is_not_the_maker() -> None:
    found = identify(
        seen(http_server="Apache Axis 1.4", xml_namespace="http://ws.apache.org/axis/")
    )
    assert found.maker == "unknown"


def test_the_confidence_is_a_probability_and_every_weight_is_shown() -> None:
    found = identify(seen(model="DS-2CD2143G0-I", firmware="V5.5.3 build 171025"))
    assert 0.0 <= found.confidence <= 1.0
    assert {e.kind for e in found.evidence} == {"model", "firmware"}
    assert all(e.weight > 0 and e.ref for e in found.evidence)


def test_a_badges_own_model_form_tells_the_badge_and_the_firmware_the_maker() -> None:
    found = identify(
        seen(
            manufacturer="Amcrest",
            model="IP8M-2496EW",
            firmware="2.800.0000000.16.R, Build Date 2020-11-17",
        )
    )
    assert (found.maker, found.brand) == ("Dahua", "Amcrest")
    alone = identify(seen(manufacturer="Amcrest", model="IP8M-2496EW", mac="9C:8E:CD:00:00:01"))
    assert (alone.maker, alone.brand) == ("unknown", "Amcrest")
