import pytest

from nameplate.catalogue.store import load
from nameplate.tracing.mentions import find_mentions

CATALOGUE = load()

AS_PEOPLE_WRITE = [
    ("We bought 4 Hik Vision cameras", "Hikvision", "Hik Vision"),
    ("HIKVlSlON dome", "Hikvision", "HIKVlSlON"),
    ("quote from Hick Vision", "Hikvision", "Hick Vision"),
    ("Hlkvision", "Hikvision", "Hlkvision"),
    ("Hikvison", "Hikvision", "Hikvison"),
    ("hikvisoin", "Hikvision", "hikvisoin"),
    ("Hik-Vision", "Hikvision", "Hik-Vision"),
    ("\uff28\uff49\uff4b\uff56\uff49\uff53\uff49\uff4f\uff4e", "Hikvision", None),
    ("the Híkvision cameras", "Hikvision", "Híkvision"),
    ("\u6d77\u5eb7\u5a01\u89c6\u6444\u50cf\u673a", "Hikvision", "\u6d77\u5eb7\u5a01\u89c6"),
    ("supply DS-2CD2143G0-I (4mm)", "Hikvision", "DS-2CD2143G0-I"),
    ("4xDS\u20112CD2143G0\u2011I", "Hikvision", "DS\u20112CD2143G0\u2011I"),
    ("Hikvi-\nsion recorders", "Hikvision", "Hikvi-\nsion"),
    ("<b>Hik</b>vision", "Hikvision", "Hik</b>vision"),
    ("Hik&shy;vision", "Hikvision", "Hik&shy;vision"),
    ("Hik\u00advision", "Hikvision", "Hik\u00advision"),
    ("H&#105;kvision", "Hikvision", "H&#105;kvision"),
    ("HikvisionDS-2CD2143G0-I", "Hikvision", "Hikvision"),
    ("Axis cameras", "Axis Communications", "Axis"),
    ("AXIS\nCommunications", "Axis Communications", "AXIS\nCommunications"),
    ("Dahaua CCTV", "Dahua", "Dahaua"),
    ("Univ iew", "Uniview", "Univ iew"),
    ("Dedicated Micr0s", "Dedicated Micros", "Dedicated Micr0s"),
    ("Milestone VMS licences", "Milestone", "Milestone"),
]


@pytest.mark.parametrize(("text", "maker", "surface"), AS_PEOPLE_WRITE)
def test_a_name_is_found_as_people_write_it(text: str, maker: str, surface: str | None) -> None:
    found = find_mentions(text, CATALOGUE)
    assert [m.maker for m in found][:1] == [maker]
    assert found[0].surface == (text if surface is None else surface)
    assert text[found[0].start : found[0].end] == found[0].surface


ORDINARY = [
    "the y axis of a chart",
    "taxis and private hire, CCTV in taxis",
    "Bosch dishwashers for the kitchen",
    "a milestone payment for the CCTV contract",
    "Dahlia bulbs",
    "his vision for the town centre CCTV",
    "High. Vision statement",
    "to reveal the results",
    "Reference MA8912 and FD9021 of the order",
    "television division provision supervision",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_words_name_nobody(text: str) -> None:
    assert find_mentions(text, CATALOGUE) == []


def test_an_ordinary_name_counts_by_the_rest_of_its_record() -> None:
    assert find_mentions("Bosch", CATALOGUE) == []
    assert [m.maker for m in find_mentions("Bosch", CATALOGUE, context="CCTV cameras")] == ["Bosch"]
