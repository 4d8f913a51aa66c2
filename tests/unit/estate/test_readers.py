# ruff: noqa: E501 - recorded answers stand as they are
import json
from pathlib import Path

import pytest

from nameplate.estate.identify import line_of
from nameplate.estate.readers.open import sightings
from nameplate.model.device import DeviceLine


def lines(*paths: Path) -> tuple[list[DeviceLine], list[str]]:
    faults: list[str] = []
    found = [line_of(s) for s in sightings(list(paths), lambda _, text: faults.append(text))]
    return found, faults


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


ISAPI = """<?xml version="1.0" encoding="UTF-8"?>
<DeviceInfo version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">
<deviceName>Car park 2</deviceName><deviceID>48443030</deviceID>
<model>DS-2CD2T47G2-L</model><serialNumber>DS-2CD2T47G2-L20210101AAWRF12345678</serialNumber>
<macAddress>44:19:b6:12:34:56</macAddress><firmwareVersion>V5.5.800</firmwareVersion>
<firmwareReleasedDate>build 210628</firmwareReleasedDate></DeviceInfo>"""

SADP = """<?xml version="1.0" encoding="UTF-8"?>
<ProbeMatch><Uuid>1</Uuid><Types>inquiry</Types><DeviceType>1</DeviceType>
<DeviceDescription>DS-7608NI-K2</DeviceDescription><DeviceSN>DS-7608NI-K20820190101CCRR123456789WCVU</DeviceSN>
<MAC>44-19-b6-00-00-09</MAC><IPv4Address>192.0.2.9</IPv4Address>
<SoftwareVersion>V4.30.005build 200108</SoftwareVersion></ProbeMatch>"""

DAHUA = """deviceType=IPC-HFW5831E-ZE
hardwareVersion=1.00
processor=S3LM
serialNumber=4X7C5A1ZAG21L3F
updateSerial=IPC-HFW5830E-Z
version=2.800.0000000.16.R,build:2020-11-17
table.Network.eth0.PhysicalAddress=14:a7:8b:00:11:22
"""

WALK = """SNMPv2-MIB::sysDescr.0 = STRING: ; AXIS Q6055-E; PTZ Dome Network Camera; 7.40.1; Nov 29 2017 18:51; 725.2; 1;
SNMPv2-MIB::sysObjectID.0 = OID: SNMPv2-SMI::enterprises.368.1.1
IF-MIB::ifPhysAddress.2 = STRING: ac:cc:8e:ac:27:c7
"""

NVR = """1.3.6.1.2.1.1.1.0|4|Linux (none) 3.10.0
1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.1004849.3.2.10
1.3.6.1.4.1.1004849.2.1.2.6.0|4|DHI-NVR4216-4KS2
"""

NMAP = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap" start="1700000000"><host endtime="1700000010"><status state="up"/>
<address addr="192.0.2.10" addrtype="ipv4"/>
<address addr="AC:CC:8E:00:00:01" addrtype="mac" vendor="Axis Communications AB"/>
<ports><port protocol="tcp" portid="80"><state state="open"/><service name="http" product="Boa httpd"/>
<script id="http-title" output="AXIS"/></port>
<port protocol="tcp" portid="554"><state state="closed"/></port></ports></host>
<host><status state="down"/><address addr="192.0.2.11" addrtype="ipv4"/></host></nmaprun>"""

PROBE = """<?xml version="1.0" encoding="UTF-8"?>
<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"><s:Body><d:ProbeMatches>
<d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:15020314-0204-0408-1500-ec71db465af7</a:Address></a:EndpointReference>
<d:Scopes>onvif://www.onvif.org/hardware/E1Zoom onvif://www.onvif.org/name/IPC</d:Scopes>
<d:XAddrs>http://192.0.2.61:8000/onvif/device_service</d:XAddrs></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>"""

BOM = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "components": [
        {
            "type": "device",
            "name": "DHI-NVR4108HS",
            "manufacturer": {"name": "Dahua"},
            "components": [
                {"type": "firmware", "name": "fw", "version": "4.001.0000005.1.R.210709"}
            ],
        },
        {"type": "library", "name": "openssl"},
    ],
}


@pytest.mark.parametrize(
    ("name", "text", "maker", "model", "firmware", "form"),
    [
        ("a.xml", ISAPI, "Hikvision", "DS-2CD2T47G2-L", "V5.5.800 build 210628", "isapi"),
        ("b.xml", SADP, "Hikvision", "DS-7608NI-K2", "V4.30.005build 200108", "sadp"),
        (
            "c.txt",
            DAHUA,
            "Dahua",
            "IPC-HFW5831E-ZE",
            "2.800.0000000.16.R,build:2020-11-17",
            "dahua",
        ),
        ("d.txt", WALK, "Axis Communications", "Q6055-E", "7.40.1", "snmp"),
        ("e.snmprec", NVR, "Dahua", "DHI-NVR4216-4KS2", "", "snmp"),
        ("f.xml", NMAP, "Axis Communications", "", "", "nmap"),
        ("g.xml", PROBE, "Reolink", "E1Zoom", "", "wsdiscovery"),
        ("h.json", json.dumps(BOM), "Dahua", "DHI-NVR4108HS", "4.001.0000005.1.R.210709", "cyclonedx"),
        ("i.txt", "HTTP/1.1 401 Unauthorized\r\nServer: DNVRS-Webs\r\n\r\n", "Hikvision", "", "", "banner"),
        ("j.txt", "RTSP/1.0 401 Unauthorized\r\nServer: Dahua Rtsp Server\r\n\r\n", "Dahua", "", "", "banner"),
    ],
)  # fmt: skip
def test_each_format_is_told_by_content_and_read(
    tmp_path: Path, name: str, text: str, maker: str, model: str, firmware: str, form: str
) -> None:
    found, faults = lines(write(tmp_path, name, text))
    assert not faults
    (line,) = found
    assert (line.maker, line.model, line.firmware) == (maker, model, firmware)
    assert (line.format, line.source) == (form, name)


def test_captures_of_one_folder_are_one_device(tmp_path: Path) -> None:
    body = (
        '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" '
        'xmlns:tds="http://www.onvif.org/ver10/device/wsdl"><e:Body>'
        "<tds:GetDeviceInformationResponse><tds:Manufacturer>AXIS</tds:Manufacturer>"
        "<tds:Model>P3818-PVE</tds:Model><tds:SerialNumber>B8A44FA04F26</tds:SerialNumber>"
        "</tds:GetDeviceInformationResponse></e:Body></e:Envelope>"
    )
    capture = {
        "operation_name": "GetDeviceInformation",
        "endpoint": "http://192.0.2.82/onvif/device_service",
        "response_body": body,
    }
    write(tmp_path, "cam/1.json", json.dumps(capture))
    write(tmp_path, "cam/2.json", json.dumps({**capture, "response_body": "<broken"}))
    found, faults = lines(tmp_path)
    assert not faults
    (line,) = found
    assert (line.maker, line.address) == ("Axis Communications", "192.0.2.82")
    assert line.source.endswith("/cam")


BOMB = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]>
<DeviceInfo><model>&lol2;</model></DeviceInfo>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>
<DeviceInfo><model>&xxe;</model></DeviceInfo>"""


@pytest.mark.parametrize("text", [BOMB, OUTSIDE, BOMB.replace("DeviceInfo", "nmaprun")])
def test_xml_that_attacks_the_reader_is_refused_in_one_sentence(tmp_path: Path, text: str) -> None:
    good = write(tmp_path, "a.xml", ISAPI)
    found, faults = lines(write(tmp_path, "x.xml", text), good)
    assert len(found) == 1
    (sentence,) = faults
    assert "attack" in sentence
    assert sentence.startswith("x.xml")
    assert sentence.count("\n") == 0


def test_an_endless_looking_answer_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "big.xml"
    path.write_text("<DeviceInfo><model>" + "A" * (9 << 20))
    found, faults = lines(path)
    assert not found
    assert "larger than 8 MB" in faults[0]


def test_a_huge_banner_is_read_only_at_its_beginning(tmp_path: Path) -> None:
    path = write(tmp_path, "b.txt", "HTTP/1.1 200 OK\r\nServer: " + "x" * (10 << 20))
    found, faults = lines(path)
    assert not faults
    assert (
        max(len(e.says) for line in found for e in line.evidence or ()) < 200
        if found[0].evidence
        else True
    )


def test_a_model_that_is_a_formula_or_markup_stays_text(tmp_path: Path) -> None:
    text = ISAPI.replace("<model>DS-2CD2T47G2-L</model>", "<model>=cmd|' /C calc'!A0</model>")
    (line,), _ = lines(write(tmp_path, "a.xml", text))
    assert line.model == "=cmd|' /C calc'!A0"


def test_control_and_direction_characters_are_taken_out(tmp_path: Path) -> None:
    text = DAHUA.replace("IPC-HFW5831E-ZE", "IPC-HFW\u202e5831E-ZE\u200b")
    (line,), _ = lines(write(tmp_path, "a.txt", text))
    assert line.model == "IPC-HFW 5831E-ZE"


def test_a_walk_with_very_many_lines_keeps_only_what_tells(tmp_path: Path) -> None:
    path = tmp_path / "w.snmprec"
    with path.open("w") as stream:
        stream.write("1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.39165.1\n")
        for number in range(200_000):
            stream.write(f"1.3.6.1.2.1.2.2.1.6.{number}|4x|acde48001122\n")
    (line,), _ = lines(path)
    assert line.maker == "Hikvision"


def test_what_is_no_format_is_set_aside_and_the_rest_goes_on(tmp_path: Path) -> None:
    write(tmp_path, "a.bin", "hello world")
    write(tmp_path, "b.xml", ISAPI)
    write(tmp_path, "c.txt", "")
    found, faults = lines(tmp_path)
    assert len(found) == 1
    assert len(faults) == 2


REGISTER = """Anytown Council CCTV asset register,,,,,
,,,,,
Asset No,Site,Make,Model,MAC Address,IP,Firmware
1,Town Hall,Hikvision,DS-2CD2143G0-I,44:19:B6:00:00:01,192.0.2.1,V5.5.82 build 190220
2,Town Hall,Axis,P1354,,192.0.2.2,5.90.1.2
3,Depot,n/a,,,,
,,,,,,
4,Depot,"Axis, or so",IPC-HFW2431S,14:A7:8B:00:00:02,192.0.2.4,
"""


def test_a_register_as_it_comes(tmp_path: Path) -> None:
    found, faults = lines(write(tmp_path, "register.csv", REGISTER))
    assert not faults
    assert [(x.maker, x.model) for x in found] == [
        ("Hikvision", "DS-2CD2143G0-I"),
        ("Axis Communications", "P1354"),
        ("unknown", ""),
        ("Dahua", "IPC-HFW2431S"),
    ]
    assert found[3].contradictions
    assert found[0].locator == "line:4"


def test_a_workbook_register(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Camera name", "Model", "Serial No."])
    book.active.append(["North gate", "DHI-NVR4108HS-8P", "=1+1"])
    book.save(tmp_path / "r.xlsx")
    found, faults = lines(tmp_path / "r.xlsx")
    assert not faults
    assert [(x.maker, x.model) for x in found] == [("Dahua", "DHI-NVR4108HS-8P")]


def test_a_table_without_devices_says_so(tmp_path: Path) -> None:
    found, faults = lines(write(tmp_path, "t.csv", "Colour,Taste\nred,sweet\nblue,sour\n"))
    assert not found
    assert "no column for a model" in faults[0]
