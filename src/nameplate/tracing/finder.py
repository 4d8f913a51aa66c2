"""The finder: every pattern of the catalogue over raw bytes in one pass, and the exact decision.

Two engines find the same records: Hyperscan where it is installed, else an Aho-Corasick automaton
on the patterns' literals with :mod:`re` behind it, slower. Either is a sieve only; what passes is
decided on decoded text by :meth:`TextFinder.matches`.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from nameplate.catalogue.store import Catalogue, load
from nameplate.tracing.folding import fold
from nameplate.tracing.lexicon import Lexicon, lexicon
from nameplate.tracing.mentions import names_a_maker
from nameplate.tracing.oddities import ODDITIES, UTF16_SEEN
from nameplate.tracing.patterns import name_patterns, other_patterns

CACHE_FORMAT: Final = b"nameplate-patterns-1\n"
_EDGE: Final = 512
"""Bytes looked at again at a block's ends, where a name has no neighbour to be bounded by."""
_UTF16_ID: Final = 0

Scan = Callable[[bytes | memoryview, Callable[[int, int], None]], None]
"""Scan a block and report (pattern number, end of hit) for each; number 0 is UTF-16 seen."""


class TextFinder:
    """A :class:`nameplate.sources.api.Finder` over an engine that sieves raw bytes."""

    def __init__(self, catalogue: Catalogue, engine: Scan, name: str) -> None:
        self.catalogue = catalogue
        self.engine_name = name
        self._engine = engine
        self._lexicon: Lexicon | None = None
        self._cpv = tuple(sorted({c.prefix for c in catalogue.cpv if c.sure}))

    def scan(self, block: bytes | memoryview) -> list[int]:
        """Ascending offsets of one byte in each raw-byte hit of ``block``; may repeat a record.

        ``block`` should begin and end at record boundaries: a name cut in two is found in neither.
        """
        hits: list[int] = []
        utf16 = self._into(block, hits, 0)
        size = len(block)
        if size:
            # A newline stands in for the neighbour that the first and the last byte lack.
            whole = b"\n" if size <= _EDGE else b""
            head, tail = bytes(block[:_EDGE]), bytes(block[-_EDGE:])
            if head[:1].isalnum():
                self._into(b"\n" + head + whole, hits, -1)
            if tail[-1:].isalnum() or tail[-1] >= 0x80:
                self._into(whole + tail + b"\n", hits, size - len(tail) - len(whole))
        if utf16:
            hits += self._utf16(bytes(block))
        return sorted({min(max(hit, 0), size - 1) for hit in hits})

    def matches(self, text: str) -> bool:
        """Whether decoded text holds a word of the trade or names a maker, brand or model."""
        # The sieve on the text's own bytes never misses what would match, and is quick.
        return self._passes(text) and self._decide(text)

    def _decide(self, text: str) -> bool:
        if self._lexicon is None:
            self._lexicon = lexicon(self.catalogue)
        folded = fold(text)
        return self._lexicon.holds_trade(folded.text) or names_a_maker(text, self.catalogue, folded)

    def _passes(self, text: str) -> bool:
        hit = False

        def report(_number: int, _end: int) -> None:
            nonlocal hit
            hit = True

        self._engine(b"\n" + text.encode("utf-8", "surrogatepass") + b"\n", report)
        return hit

    def matches_cpv(self, codes: tuple[str, ...]) -> bool:
        """Whether one of these CPV codes alone marks surveillance."""
        return any(code.startswith(self._cpv) for code in codes)

    def _into(self, block: bytes | memoryview, hits: list[int], shift: int) -> bool:
        seen = False

        def report(number: int, end: int) -> None:
            nonlocal seen
            if number == _UTF16_ID:
                seen = True
            else:
                hits.append(end - 1 + shift)

        self._engine(block, report)
        return seen

    def _utf16(self, block: bytes) -> list[int]:
        """Hits in ``block`` read as UTF-16 in either order, at either alignment."""
        found: list[int] = []
        for codec in ("utf-16-le", "utf-16-be"):
            for shift in (0, 1):
                text = block[shift : len(block) - (len(block) - shift) % 2].decode(
                    codec, errors="replace"
                )
                raw = text.encode("utf-8", errors="replace")
                inner: list[int] = []
                self._into(raw, inner, 0)
                done_raw = done_units = 0
                for hit in sorted(set(inner)):
                    passed = raw[done_raw : hit + 1].decode("utf-8", errors="ignore")
                    found.append(shift + 2 * (done_units + _units(passed)) - 1)
                    done_units += _units(passed)
                    done_raw += len(passed.encode())
        return found


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def load_finder(catalogue: Catalogue | None = None, engine: str = "auto") -> TextFinder:
    """The finder for ``catalogue`` (the bundled one by default).

    ``engine`` is ``hyperscan``, ``portable``, or ``auto``: the first where it is installed.
    Compiling Hyperscan's database takes seconds, so it is kept in the user's cache directory.
    """
    catalogue = catalogue or load()
    if engine in ("auto", "hyperscan"):
        try:
            hyperscan = import_module("hyperscan")
        except ImportError:
            if engine == "hyperscan":
                raise
        else:
            return TextFinder(catalogue, _hyperscan_engine(catalogue, hyperscan), "hyperscan")
    from nameplate.tracing.portable import portable_engine

    return TextFinder(
        catalogue,
        portable_engine([p for group in expressions(catalogue) for p in group]),
        "portable",
    )


def expressions(catalogue: Catalogue) -> tuple[list[str], list[str]]:
    """All raw-byte patterns; the first of the first group asks for UTF-16.

    Two groups, for two passes over a block are quicker than one with all: measured, 375 MB/s
    against 227 (docs/reference/tracing.md, "Speed").
    """
    return [UTF16_SEEN, *ODDITIES, *other_patterns(catalogue)], name_patterns(catalogue)


def cache_folder() -> Path:
    """The user's cache directory for compiled patterns; not created here."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "nameplate"


def _hyperscan_engine(catalogue: Catalogue, hyperscan: Any) -> Scan:
    key = _cache_key(catalogue, hyperscan)
    paths = [cache_folder() / f"patterns-{key}-{n}.hs" for n in (0, 1)]
    databases = [_from_cache(path, hyperscan) for path in paths]
    if None in databases:
        for place, group in enumerate(expressions(catalogue)):
            databases[place] = _compiled(group, hyperscan)
            _into_cache(paths[place], hyperscan.dumpb(databases[place]))
    for database in databases:
        database.scratch = hyperscan.Scratch(database)
    scan_rest, scan_names = (database.scan for database in databases)

    def run(block: bytes | memoryview, report: Callable[[int, int], None]) -> None:
        scan_rest(
            block,
            match_event_handler=lambda number, _from, to, _flags, _context: report(number, to),
        )
        scan_names(
            block, match_event_handler=lambda _number, _from, to, _flags, _context: report(1, to)
        )

    return run


def _compiled(patterns: list[str], hyperscan: Any) -> Any:
    flags = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_DOTALL
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[p.encode("latin-1") for p in patterns],
        ids=list(range(len(patterns))),
        elements=len(patterns),
        flags=[
            flags | (hyperscan.HS_FLAG_SINGLEMATCH if i == _UTF16_ID else 0)
            for i in range(len(patterns))
        ],
    )
    return database


def _cache_key(catalogue: Catalogue, hyperscan: Any) -> str:
    """Everything a compiled database depends on: facts, this code, the engine, the processor."""
    parts = [catalogue.version, _code_version(), hyperscan.__version__, sys.byteorder, _cpu()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def _code_version() -> str:
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for stem in ("patterns", "oddities", "lexicon", "folding", "literals"):
        digest.update((here / f"{stem}.py").read_bytes())
    return digest.hexdigest()


def _cpu() -> str:
    """The processor's features: a database compiled for one may not run on another."""
    try:
        with Path("/proc/cpuinfo").open(encoding="ascii", errors="replace") as lines:
            return next((line for line in lines if line.startswith("flags")), "")
    except OSError:
        return ""


def _from_cache(path: Path, hyperscan: Any) -> Any:
    """The database at ``path``, or None where it is missing, altered or of another engine.

    The file is its format line, the SHA-256 of the rest, and the engine's own serialised form,
    which the engine checks again; it is never unpickled.
    """
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    header = len(CACHE_FORMAT) + 32
    payload = raw[header:]
    if raw[: len(CACHE_FORMAT)] != CACHE_FORMAT:
        return None
    if hashlib.sha256(payload).digest() != raw[len(CACHE_FORMAT) : header]:
        return None
    try:
        return hyperscan.loadb(payload, hyperscan.HS_MODE_BLOCK)
    except hyperscan.HyperscanError:
        return None


def _into_cache(path: Path, payload: bytes) -> None:
    """Write the cache file whole or not at all; a cache that cannot be written is no failure."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(CACHE_FORMAT + hashlib.sha256(payload).digest() + payload)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
    except OSError:
        return
