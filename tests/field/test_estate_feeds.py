"""Official feeds as they are published, read whole."""

from pathlib import Path

import pytest

from nameplate.estate.vulns.library import read_feed

pytestmark = pytest.mark.field


def test_every_advisory_and_record_is_read(shared: Path) -> None:
    folder = shared / "data" / "vulnerabilities"
    read: dict[str, int] = {}
    for path in sorted((folder / "CSAF" / "csaf_files").rglob("icsa-*.json")):
        feed, _, records = read_feed(path, path.name)
        assert feed == "csaf"
        read[path.name] = sum(len(r.affected) for r in records)
    for path in sorted((folder / "vulnrichment").rglob("CVE-*.json")):
        feed, _, records = read_feed(path, path.name)
        assert feed == "cve"
        read[path.name] = sum(len(r.affected) for r in records)
    assert read["icsa-17-124-01.json"] == 14
    assert read["icsa-24-235-03.json"] == 33
    assert read["CVE-2023-40743.json"] == 0
    assert read["CVE-2024-29949.json"] >= 12


def test_the_kev_catalogue_is_read(shared: Path) -> None:
    path = shared / "data/vulnerabilities/kev-data/known_exploited_vulnerabilities.json"
    feed, published, records = read_feed(path, path.name)
    dates = {r.cve: r.kev_added for r in records}
    assert (feed, published) == ("kev", "2025-08-25")
    assert dates["CVE-2021-36260"] == "2022-01-10"
    assert dates["CVE-2021-33045"] == "2024-08-21"
    assert dates["CVE-2020-5735"] == "2021-11-03"
    assert dates["CVE-2019-20085"] == "2021-11-03"
