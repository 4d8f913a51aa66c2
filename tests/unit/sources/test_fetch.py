"""Fetching, against a server on this machine that answers in the services' published form."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner

from nameplate.cli.fetch import command
from nameplate.model.errors import FetchError, StoreError, UsageError
from nameplate.sources import fetch as module
from nameplate.sources.fetch import SERVICES, Service, cpv_stem, fetch, retry_after
from nameplate.sources.fetch_store import FetchStore, State

SINCE, UNTIL = date(2024, 1, 1), date(2024, 1, 31)
Answer = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """Serves numbered pages of a release package; ``script`` holds answers to give first."""

    def __init__(self, pages: int = 3) -> None:
        self.pages = pages
        self.asked: list[str] = []
        self.script: list[Answer] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                if outer.script:
                    outer.script.pop(0)(self)
                else:
                    body = json.dumps(outer.package(self.path)).encode()
                    reply(200, body)(self)

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()
        self.base = f"http://127.0.0.1:{self.http.server_address[1]}"

    def package(self, path: str) -> dict[str, Any]:
        asked = parse_qs(urlsplit(path).query)
        number = int(asked.get("cursor", ["1"])[0])
        releases = [
            {
                "ocid": f"ocds-x-{number}-{i}",
                "id": "1",
                "date": "2024-01-02T00:00:00Z",
                "tender": {
                    "classification": {"scheme": "CPV", "id": "32323500" if i else "15810000"}
                },
            }
            for i in range(2 if number <= self.pages else 0)
        ]
        following = f"{self.base}{urlsplit(path).path}?cursor={number + 1}"
        links = {"next": following} if number <= self.pages else {}
        return {"uri": "x", "version": "1.1", "releases": releases, "links": links}


def reply(status: int, body: bytes = b"", **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def cut(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"releases": [')
    handler.wfile.flush()
    handler.connection.close()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.http.shutdown()
    made.http.server_close()


def service(server: Server, name: str = "contracts-finder") -> Service:
    known = SERVICES[name]
    return known._replace(address=server.base + urlsplit(known.address).path)


def run(server: Server, out: Path, **more: Any) -> tuple[State | None, list[float]]:
    waits: list[float] = []
    name = more.pop("name", "contracts-finder")
    days = {"since": SINCE, "until": UNTIL, **more}
    steps = fetch(service(server, name), FetchStore(out), sleep=waits.append, **days)
    states = list(steps)
    return states[-1] if states else None, waits


@pytest.mark.parametrize(
    ("name", "path", "options"),
    [
        (
            "contracts-finder",
            "/Published/Notices/OCDS/Search",
            "publishedFrom=2024-01-01T00:00:00&publishedTo=2024-01-31T23:59:59&limit=100",
        ),
        (
            "find-a-tender",
            "/api/1.0/ocdsReleasePackages",
            "updatedFrom=2024-01-01T00:00:00&updatedTo=2024-01-31T23:59:59&limit=100",
        ),
    ],
)
def test_pages_are_followed_and_kept_by_hash(
    server: Server, tmp_path: Path, name: str, path: str, options: str
) -> None:
    state, waits = run(server, tmp_path, name=name)
    assert server.asked[0] == f"{path}?{options}"
    assert len(server.asked) == 4
    assert waits == []
    assert state is not None
    assert (state.releases, len(state.pages), state.done) == (6, 4, True)
    kept = sorted((tmp_path / "originals").glob("*/*.json"))
    assert sorted(p.sha256 for p in state.pages) == [k.stem for k in kept]
    assert all(hashlib.sha256(k.read_bytes()).hexdigest() == k.stem for k in kept)
    assert not list(tmp_path.rglob("*.part"))


def test_it_waits_as_asked_and_doubles_where_not_asked(server: Server, tmp_path: Path) -> None:
    server.script = [
        reply(429, Retry_After="7"),
        reply(503),
        reply(500),
        cut,
        reply(200, b"<html>busy</html>"),
        reply(200, b'{"no": "package"}'),
    ]
    state, waits = run(server, tmp_path)
    assert state is not None
    assert state.releases == 6
    assert waits == [7.0, 2.0, 4.0, 8.0, 16.0, 32.0]


def test_contracts_finder_says_403_when_asked_too_often(server: Server, tmp_path: Path) -> None:
    server.script = [reply(403)]
    _, waits = run(server, tmp_path)
    assert waits == [300.0]
    server.script = [reply(403)]
    with pytest.raises(FetchError, match="403"):
        run(server, tmp_path / "other", name="find-a-tender")


def test_it_gives_up_after_its_tries_and_goes_on_from_there(server: Server, tmp_path: Path) -> None:
    good = reply(200, json.dumps(server.package("/x?cursor=1")).encode())
    server.script = [good, *[reply(503)] * module.TRIES]
    with pytest.raises(FetchError, match="503, 8 times; run the same command again"):
        run(server, tmp_path)
    asked = len(server.asked)
    state, _ = run(server, tmp_path)
    assert "cursor=2" in server.asked[asked], "the first page is not asked for again"
    assert state is not None
    assert (state.releases, len(state.pages)) == (6, 4)


def test_a_stop_between_pages_loses_nothing(server: Server, tmp_path: Path) -> None:
    steps = fetch(service(server), FetchStore(tmp_path), since=SINCE, until=UNTIL)
    next(steps)
    next(steps)
    steps.close()
    state, _ = run(server, tmp_path)
    assert state is not None
    assert (state.releases, len(state.pages)) == (6, 4)
    assert len(server.asked) == 4


def test_a_kill_while_writing_leaves_no_half_page(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(self: Path, target: Path) -> Path:
        raise SystemExit(137)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", killed)
        with pytest.raises(SystemExit):
            run(server, tmp_path)
    assert not list(tmp_path.rglob("*.json"))
    state, _ = run(server, tmp_path)
    assert state is not None
    assert state.releases == 6


def test_a_finished_fetch_is_not_repeated_but_an_open_one_goes_on(
    server: Server, tmp_path: Path
) -> None:
    run(server, tmp_path)
    asked = len(server.asked)
    assert run(server, tmp_path)[0] is None
    assert len(server.asked) == asked
    first, _ = run(server, tmp_path / "open", until=None)
    assert first is not None
    again, _ = run(server, tmp_path / "open", until=None)
    assert again is not None
    assert again.since == first.until
    assert f"publishedFrom={first.until}" in server.asked[-4]


def test_cpv_filters_here_and_keeps_the_originals(server: Server, tmp_path: Path) -> None:
    state, _ = run(server, tmp_path, cpv=("32323000-3",))
    assert state is not None
    assert (state.releases, state.chosen) == (6, 3)
    lines = [
        json.loads(line)
        for path in sorted((tmp_path / "chosen").glob("*.jsonl"))
        for line in path.read_text().splitlines()
    ]
    assert sorted(r["ocid"] for r in lines) == ["ocds-x-1-1", "ocds-x-2-1", "ocds-x-3-1"]
    assert len(list((tmp_path / "originals").glob("*/*.json"))) == 4


@pytest.mark.parametrize("following", ["https://elsewhere.example/x?cursor=2", "self"])
def test_a_next_page_elsewhere_or_in_a_circle_is_refused(
    server: Server, tmp_path: Path, following: str
) -> None:
    package = server.package("/x?cursor=1")
    chosen = service(server)
    own = module.first_address(chosen, "2024-01-01T00:00:00", "2024-01-31T23:59:59")
    package["links"] = {"next": own if following == "self" else following}
    server.script = [reply(200, json.dumps(package).encode())]
    with pytest.raises(FetchError, match=r"next page elsewhere|already fetched"):
        run(server, tmp_path)


def test_a_wait_of_hours_stops_the_fetch_and_says_so(server: Server, tmp_path: Path) -> None:
    server.script = [reply(429, Retry_After="7200")]
    with pytest.raises(FetchError, match="wait 7200 seconds"):
        run(server, tmp_path)


def test_retry_after_in_both_forms() -> None:
    now = datetime(2024, 1, 1, tzinfo=UTC)
    assert retry_after("120") == 120
    assert retry_after("Mon, 01 Jan 2024 00:02:00 GMT", now) == 120
    assert retry_after("Mon, 01 Jan 2023 00:02:00 GMT", now) == 0
    assert retry_after("soon") is None
    assert retry_after(None) is None


def test_cpv_codes_stand_for_their_branch() -> None:
    assert [cpv_stem(c) for c in ("32323500-8", "32000000", "30000000")] == ["323235", "32", "30"]
    with pytest.raises(UsageError, match="no CPV code"):
        cpv_stem("cctv")


def test_wrong_days_and_a_broken_state_are_said(server: Server, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="before"):
        run(server, tmp_path, until=date(2023, 1, 1))
    run(server, tmp_path)
    (tmp_path / "fetch-contracts-finder-2024-01-01-2024-01-31.json").write_text("{")
    with pytest.raises(StoreError, match="cannot be read"):
        run(server, tmp_path)


def test_the_command(server: Server, tmp_path: Path) -> None:
    options = ["find-a-tender", "--since", "2024-01-01", "--until", "2024-01-31"]
    where = ["--out", str(tmp_path), "--address", f"{server.base}/api"]
    first = CliRunner().invoke(command, [*options, *where])
    assert first.exit_code == 0, first.output
    assert "6 releases on 4 pages" in first.output
    second = CliRunner().invoke(command, [*options, *where])
    assert "complete" in second.output
    assert CliRunner().invoke(command, ["find-a-tender", "--since", "x"]).exit_code == 2
