"""Gets published notices from the two services' OCDS search interfaces, page by page.

Contracts Finder (``/Published/Notices/OCDS/Search``, documented at
https://www.contractsfinder.service.gov.uk/apidocumentation) and Find a Tender
(``/api/1.0/ocdsReleasePackages``, documented at https://www.find-tender.service.gov.uk/apidocumentation)
both answer with release packages and name the next page in ``links.next``. Every page is kept as
it came, under its SHA-256; the state is saved after each, so a stopped fetch goes on where it was.
"""

from __future__ import annotations

import email.utils
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlsplit

import httpx
import msgspec

from nameplate import __version__
from nameplate.model.errors import FetchError, UsageError
from nameplate.sources.fetch_store import FetchStore, Page, State
from nameplate.sources.ocds_text import cpv_codes
from nameplate.sources.values import LONDON

LARGEST_PAGE: Final = 64 << 20
"""Bytes; a hundred releases are about half a megabyte."""
TRIES: Final = 8
"""Attempts at one page before giving up; with doubling waits that is about four minutes."""
FIRST_WAIT: Final = 1.0
LONGEST_WAIT: Final = 120.0
"""Seconds waited after a failure: doubling from the first, never more than the longest."""
LONGEST_ASKED: Final = 900.0
"""Seconds a service may ask us to wait; beyond that the fetch stops and says when to go on."""

_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


class Service(NamedTuple):
    """One service: its address, the names of its options, and how it says "too often".

    ``too_often`` maps statuses besides 429 and 503 to the seconds to wait after them.
    """

    name: str
    address: str
    since: str
    until: str
    too_often: dict[int, float]


SERVICES: Final[dict[str, Service]] = {
    "contracts-finder": Service(
        "contracts-finder",
        "https://www.contractsfinder.service.gov.uk/Published/Notices/OCDS/Search",
        "publishedFrom",
        "publishedTo",
        # The service answers 403 when asked too often, and lets one in again after five minutes.
        {403: 300.0},
    ),
    "find-a-tender": Service(
        "find-a-tender",
        "https://www.find-tender.service.gov.uk/api/1.0/ocdsReleasePackages",
        "updatedFrom",
        "updatedTo",
        {},
    ),
}


class Client:
    """Asks for pages, waits when asked to, tries again when an answer is cut or is no JSON."""

    def __init__(
        self,
        http: httpx.Client,
        service: Service,
        *,
        sleep: Callable[[float], None] = time.sleep,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._http, self._service, self._sleep, self._say = http, service, sleep, say

    def page(self, address: str) -> tuple[bytes, dict[str, Any]]:
        """The bytes of one page and the package in them; raises FetchError after TRIES attempts."""
        wait = FIRST_WAIT
        problem = ""
        for attempt in range(TRIES):
            asked: float | None = None
            try:
                body, status, asked = self._once(address)
                if status == 200:
                    return body, _package(body)
                problem = f"the service answered {status}"
                if status not in _AGAIN and status not in self._service.too_often:
                    raise FetchError(
                        problem, where=address, do="check the dates, or try again later"
                    )
            except httpx.TransportError as error:
                problem = f"the connection failed ({type(error).__name__})"
            except _NotAPackageError as error:
                problem = str(error)
            if attempt == TRIES - 1:
                break
            if asked is not None and asked > LONGEST_ASKED:
                raise FetchError(
                    f"the service asks to wait {asked:.0f} seconds",
                    where=address,
                    do="run the same command again after that; it goes on where it stopped",
                )
            pause = max(wait, asked or 0.0)
            self._say(f"{problem}; waiting {pause:.0f} s")
            self._sleep(pause)
            wait = min(wait * 2, LONGEST_WAIT)
        raise FetchError(
            f"{problem}, {TRIES} times",
            where=address,
            do="run the same command again later; it goes on where it stopped",
        )

    def _once(self, address: str) -> tuple[bytes, int, float | None]:
        with self._http.stream("GET", address) as answer:
            if answer.status_code != 200:
                asked = retry_after(answer.headers.get("Retry-After"))
                if asked is None:
                    asked = self._service.too_often.get(answer.status_code)
                return b"", answer.status_code, asked
            parts: list[bytes] = []
            size = 0
            for part in answer.iter_bytes():
                parts.append(part)
                size += len(part)
                if size > LARGEST_PAGE:
                    raise _NotAPackageError("the answer is larger than 64 MB")
            return b"".join(parts), 200, None


class _NotAPackageError(Exception):
    """A page that is not in the published form; asked for again, for a proxy may have failed."""


def _package(body: bytes) -> dict[str, Any]:
    try:
        package = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _NotAPackageError("the answer is no JSON") from None
    if not isinstance(package, dict) or not isinstance(package.get("releases"), list):
        raise _NotAPackageError("the answer is no release package")
    return package


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds to wait by a ``Retry-After`` header (RFC 9110, 10.2.3); None without one."""
    if not value:
        return None
    value = value.strip()
    if value.isdigit():
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())


def first_address(service: Service, since: str, until: str, limit: int = 100) -> str:
    """Address of the first page; colons stay as they are, as the services themselves write them."""
    options = {service.since: since, service.until: until, "limit": str(limit)}
    return f"{service.address}?" + "&".join(f"{k}={quote(v, safe=':')}" for k, v in options.items())


def fetch(
    service: Service,
    store: FetchStore,
    *,
    since: date,
    until: date | None = None,
    cpv: tuple[str, ...] = (),
    http: httpx.Client | None = None,
    sleep: Callable[[float], None] = time.sleep,
    say: Callable[[str], None] = lambda _: None,
) -> Iterator[State]:
    """Fetch all pages from ``since`` to ``until`` (both days included); yield the state after each.

    Days are London's. Without ``until``, up to now; asked again, from there on. ``cpv`` filters
    here, not at the service, which cannot: the releases that carry one of the codes are copied to
    a file beside the originals. Raises FetchError where the service does not answer in the
    published form, with everything so far kept.
    """
    if until is not None and until < since:
        raise UsageError("--until is before --since", do="swap the two days")
    codes = tuple(sorted({cpv_stem(code) for code in cpv}))
    state = store.load(service.name, since, until, codes)
    if state.done and until is None:
        state = store.onwards(state, _now())
    elif not state.address and not state.done:
        state.since = f"{since.isoformat()}T00:00:00"
        state.until = f"{until.isoformat()}T23:59:59" if until else _now()
    if not state.address and not state.done:
        state.address = first_address(service, state.since, state.until)
        store.save(state)
    own = http is None
    http = http or httpx.Client(
        timeout=httpx.Timeout(60.0, connect=20.0),
        headers={"User-Agent": f"nameplate/{__version__}", "Accept": "application/json"},
        follow_redirects=False,
    )
    client = Client(http, service, sleep=sleep, say=say)
    try:
        while not state.done:
            body, package = client.page(state.address)
            releases = [r for r in package["releases"] if isinstance(r, dict)]
            chosen = [r for r in releases if not codes or carries(r, codes)]
            page = Page(
                address=state.address,
                sha256=store.keep(body),
                releases=len(releases),
                chosen=len(chosen),
                retrieved=datetime.now(UTC).isoformat(timespec="seconds"),
            )
            if codes:
                store.choose(page.sha256, chosen)
            following = _following(package, service, state)
            state.pages.append(page)
            # A page without releases is the last one, even if it names another.
            state.done = not following or not releases
            state.address = "" if state.done else following
            store.save(state)
            yield state
    finally:
        if own:
            http.close()


def _now() -> str:
    return datetime.now(LONDON).strftime("%Y-%m-%dT%H:%M:%S")


def _following(package: dict[str, Any], service: Service, state: State) -> str:
    """The next page's address; it must be the same service's, and one not asked for before."""
    links = package.get("links")
    address = links.get("next") if isinstance(links, dict) else None
    if not isinstance(address, str) or not address.strip():
        return ""
    here, there = urlsplit(service.address), urlsplit(address.strip())
    if (there.scheme, there.netloc) != (here.scheme, here.netloc):
        raise FetchError(
            f"the service names a next page elsewhere ({there.scheme}://{there.netloc})",
            where=state.address,
            do="check that the service is the real one before going on",
        )
    seen = {page.address for page in state.pages[state.began :]} | {state.address}
    if address.strip() in seen:
        raise FetchError(
            "the service names a page as the next that was already fetched",
            where=state.address,
            do="run the same command again later; it goes on where it stopped",
        )
    return address.strip()


def cpv_stem(code: str) -> str:
    """The part of a CPV code that its whole branch shares: 32323500 → 323235; 32000000 → 32.

    Raises UsageError where it is no CPV code.
    """
    digits = code.strip().partition("-")[0]
    if len(digits) != 8 or not digits.isdigit():
        raise UsageError(f"{code!r} is no CPV code", do="write eight digits, such as 32323500")
    return digits.rstrip("0").ljust(2, "0")


def carries(release: dict[str, Any], stems: tuple[str, ...]) -> bool:
    """Whether a release carries a CPV code in one of these branches."""
    return any(code.startswith(stems) for code in cpv_codes(release))
