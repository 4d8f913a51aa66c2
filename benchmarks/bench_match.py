"""Matching names: accuracy and time against rigour + rapidfuzz alone and nomenklatura's logic-v2,
and a search of 100,000 suppliers' names among 5,000 and 500,000 watchlist names.

    python benchmarks/bench_match.py [pairs] [search]

Needs the real data beside the checkout. Our F1 is cross-validated (the weights used on a pair were
fitted without it); the peers' is not, for they are not fitted here.
"""

from __future__ import annotations

import csv
import html
import importlib.machinery
import importlib.util
import io
import itertools
import multiprocessing
import random
import resource
import sys
import tarfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path


def words(text: str) -> list[str]:
    return text.split()


ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
REPEATS = 12
SUPPLIERS = 100_000
PLANTED = 2_000
"""At least so many planted variants; more where there are fewer real names than SUPPLIERS."""
FIXED = {"nameplate": 0.5, "rigour + rapidfuzz": 0.85, "logic-v2": 0.7}
"""Thresholds fixed beforehand: our own; a usual one for such ratios; yente's default."""

Rows = Sequence[dict[str, str]]


def f1(labels: list[bool], scores: list[float], threshold: float) -> float:
    true = sum(s >= threshold and y for y, s in zip(labels, scores, strict=True))
    wrong = sum((s >= threshold) != y for y, s in zip(labels, scores, strict=True))
    return 2 * true / (2 * true + wrong) if true else 0.0


def interval(labels: list[bool], scores: list[float], threshold: float) -> tuple[float, float]:
    rng = random.Random(1)
    values = []
    for _ in range(1000):
        picks = rng.choices(range(len(labels)), k=len(labels))
        values.append(f1([labels[i] for i in picks], [scores[i] for i in picks], threshold))
    values.sort()
    return values[25], values[974]


def best(labels: list[bool], scores: list[float]) -> float:
    return max(f1(labels, scores, step / 100) for step in range(2, 99))


def timed(run: Callable[[], list[float]], pairs: int) -> tuple[list[float], float]:
    """Scores, and microseconds of processor time a pair: the least of several runs from raw text.

    Processor time, for other programs on the machine do not count in it.
    """
    least, scores = float("inf"), []
    for _ in range(REPEATS):
        start = time.process_time()
        scores = run()
        least = min(least, time.process_time() - start)
    return scores, least / pairs * 1e6


def ours(rows: Rows) -> Callable[[], list[float]]:
    from nameplate.names.normalise import prepare
    from nameplate.names.score import score

    def run() -> list[float]:
        prepare.cache_clear()
        return [score(row["name1"], row["name2"], row["schema"]).score for row in rows]

    return run


def plain(rows: Rows) -> Callable[[], list[float]]:
    from rapidfuzz import fuzz
    from rigour.names import normalize_name, remove_org_types, remove_person_prefixes

    def form(row: dict[str, str], field: str) -> str:
        text = row[field].casefold()
        person = row["schema"] == "Person"
        text = remove_person_prefixes(text) if person else remove_org_types(text)
        return normalize_name(text) or row[field].casefold()

    def run() -> list[float]:
        return [fuzz.token_sort_ratio(form(row, "name1"), form(row, "name2")) / 100 for row in rows]

    return run


def logic_v2(rows: Rows) -> Callable[[], list[float]]:
    from followthemoney import model
    from nomenklatura.matching import get_algorithm
    from nomenklatura.matching.types import ScoringConfig

    algorithm = get_algorithm("logic-v2")
    assert algorithm is not None
    config = ScoringConfig.defaults()
    numbers = itertools.count()

    def entity(name: str, schema: str):  # type: ignore[no-untyped-def]
        made = model.make_entity(schema)
        made.id = f"e{next(numbers)}"  # its cache is keyed by id: a fresh one each time
        made.add("name", name)
        return made

    def run() -> list[float]:
        found = []
        for row in rows:
            left, right = (entity(row[name], row["schema"]) for name in ("name1", "name2"))
            found.append(algorithm.compare(left, right, config).score)
        return found

    return run


def fitting():  # type: ignore[no-untyped-def]
    """The fitting script as a module: its cross-validation is the one that is reported."""
    path = str(ROOT / "scripts" / "fit_name_model")
    loader = importlib.machinery.SourceFileLoader("fit_name_model", path)
    spec = importlib.util.spec_from_loader("fit_name_model", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def report_pairs() -> None:
    fit = fitting()
    with (DATA / "names" / "name_pairs_part.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    real = fit.real_pairs(
        DATA / "notices" / "contracts_finder_flattened" / "suppliers.csv",
        ROOT / "tests" / "field" / "labels" / "supplier_pairs.csv",
    )
    sets = {
        "organisations (benchmark)": [row for row in rows if row["schema"] != "Person"],
        "suppliers (real, our labels)": [
            {"schema": "Company", "name1": a, "name2": b, "is_match": str(y).lower()}
            for a, b, y in real
        ],
        "persons (benchmark)": [row for row in rows if row["schema"] == "Person"],
    }

    def features(found: Rows, *, person: bool):  # type: ignore[no-untyped-def]
        pairs = [(r["schema"], r["name1"], r["name2"], r["is_match"] == "true") for r in found]
        return fit.Set(pairs, person)

    firms = {name: features(found, person=False) for name, found in list(sets.items())[:2]}
    people = {name: features(found, person=True) for name, found in list(sets.items())[2:]}
    crossed = {
        **fit.cross_validated("organisation", firms, repeats=1),
        **fit.cross_validated("person", people, repeats=1),
    }
    for title, found in sets.items():
        labels = [row["is_match"] == "true" for row in found]
        print(f"\n{title}: {len(found)} pairs, {sum(labels)} matches")
        print(f"{'':20s} {'F1 fixed':>9s} {'95 %':>13s} {'F1 best':>8s} {'us a pair':>10s} ratio")
        own = 0.0
        peers = {"nameplate": ours, "rigour + rapidfuzz": plain, "logic-v2": logic_v2}
        for name, make in peers.items():
            scores, micro = timed(make(found), len(found))
            if name == "nameplate":
                scores = [float(value) for value in crossed[title][0]]
            own = own or micro
            low, high = interval(labels, scores, FIXED[name])
            print(
                f"{name:20s} {f1(labels, scores, FIXED[name]):9.3f} {low:7.3f}-{high:5.3f}"
                f" {best(labels, scores):8.3f} {micro:10.1f} {micro / own:5.1f}"
            )
        distinct = len({round(value, 6) for value in ours(found)()})
        texts = len({(row["schema"], row["name1"], row["name2"]) for row in found})
        print(f"distinct scores: {distinct} of {texts} distinct pairs")


def real_suppliers() -> list[str]:
    """Distinct suppliers' names of the notices and of Devon's files, in order of appearance."""
    found: dict[str, None] = {}
    notices = DATA / "notices" / "contracts_finder_flattened" / "suppliers.csv"
    with notices.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            found[html.unescape(row["name"]).strip()] = None
    with tarfile.open(DATA / "scale" / "devon-183-csv.tar.gz") as archive:
        for member in archive:
            handle = archive.extractfile(member) if member.isfile() else None
            if handle is not None:
                text = io.TextIOWrapper(handle, encoding="cp1252", errors="replace", newline="")
                found.update(dict.fromkeys(column(csv.reader(text))))
    for path in sorted((DATA / "spend").rglob("*.csv")):
        with path.open(encoding="cp1252", errors="replace", newline="") as stream:
            found.update(dict.fromkeys(column(csv.reader(stream))))
    found.pop("", None)
    return list(found)


def column(table) -> list[str]:  # type: ignore[no-untyped-def]
    """The suppliers' column of a spending file; none where no header names it."""
    position: int | None = None
    found = []
    try:
        for cells in table:
            if position is None:
                heads = [cell.strip().lower() for cell in cells]
                named = [
                    i
                    for i, head in enumerate(heads)
                    if head in ("supplier", "beneficiary", "vendor", "vendor name", "payee")
                    or ("supplier" in head and "name" in head)
                ]
                position = named[0] if named else None
            elif position < len(cells):
                found.append(cells[position].strip())
    except csv.Error:
        pass
    return found


SYLLABLES = words(
    """
    ba be bri ca co da del dor el fa gar hal il jen ka lo mar nor os pel qui ra sol ta ur
    ven wy xi yor za
    """
)
TRADES = words(
    """
    technology security systems electronics trading industries engineering shipping energy
    telecom optics robotics logistics holdings chemical aviation marine software
    """
)
FORMS = ["Ltd", "Limited", "LLC", "Co., Ltd.", "GmbH", "Inc.", "JSC", "S.A.", "PLC", "Corporation"]


def watchlist(size: int, rng: random.Random) -> list[str]:
    """Real names of the lists kept in data, then constructed ones: made-up words, trade, form."""
    found: dict[str, None] = {}
    for path in sorted((DATA / "watchlists").rglob("*.csv")):
        with path.open(encoding="utf-8", errors="replace", newline="") as stream:
            for row in csv.DictReader(stream):
                for key in ("name", "Name", "entity", "Entity", "caption"):
                    if row.get(key):
                        found[row[key].strip()] = None
    while len(found) < size:
        words = ["".join(rng.choices(SYLLABLES, k=rng.choice((2, 3)))) for _ in range(2)]
        words.extend(rng.sample(TRADES, rng.choice((1, 2))))
        found[f"{' '.join(words).title()} {rng.choice(FORMS)}"] = None
    return list(found)[:size]


def variant(name: str, rng: random.Random) -> str:
    """The name as a clerk might write it: one or two changes out of six."""
    from nameplate.names.normalise import prepare

    words = [word.title() for word in prepare(name).tokens]
    for change in rng.sample(range(6), rng.choice((1, 2))):
        long = [i for i, word in enumerate(words) if len(word) >= 6]
        if change == 0:
            words.append(rng.choice(("Ltd", "LIMITED", "plc", "LLC")))
        elif change == 1 and long:
            i = rng.choice(long)
            at = rng.randrange(1, len(words[i]) - 1)
            words[i] = words[i][:at] + words[i][at + 1 :]
        elif change == 2 and long:
            i = rng.choice(long)
            at = rng.randrange(1, len(words[i]) - 2)
            words[i] = words[i][:at] + words[i][at + 1] + words[i][at] + words[i][at + 2 :]
        elif change == 3 and len(words) >= 2:
            words = [words[1], words[0], *words[2:]]
        elif change == 4 and len(words) >= 2:
            words = [words[0] + words[1], *words[2:]]
        elif change == 5:
            words = [word.upper() for word in words]
    return " ".join(words)


def peak_megabytes() -> float:
    """Peak resident memory of this process; Linux's ru_maxrss would count the parent's too."""
    status = Path("/proc/self/status")
    if status.is_file():
        (line,) = [row for row in status.read_text().splitlines() if row.startswith("VmHWM")]
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def search(size: int, suppliers: list[str], queue) -> None:  # type: ignore[no-untyped-def]
    """One search in a process of its own, so that its peak memory is its own."""
    from nameplate.names.index import NameIndex

    rng = random.Random(5)
    listed = watchlist(size, rng)
    picks = rng.choices(range(len(listed)), k=SUPPLIERS - len(suppliers))
    planted = [(variant(listed[i], rng), i) for i in picks]
    start, begun = time.perf_counter(), time.process_time()
    index = NameIndex((str(i), name) for i, name in enumerate(listed))
    built = time.process_time() - begun
    found = sum(any(hit.key == str(i) for hit in index.search(name)) for name, i in planted)
    others = sum(bool(index.search(name)) for name in suppliers)
    total = time.process_time() - begun
    wall = time.perf_counter() - start
    peak = peak_megabytes()
    queue.put((len(planted), built, total, wall, found, others, peak))


def report_search() -> None:
    context = multiprocessing.get_context("spawn")
    suppliers = real_suppliers()[: SUPPLIERS - PLANTED]  # planted variants fill up the rest
    number = SUPPLIERS
    first = 0.0
    for size in (5_000, 500_000):
        queue = context.Queue()
        process = context.Process(target=search, args=(size, suppliers, queue))
        process.start()
        planted, built, total, wall, found, others, peak = queue.get()
        process.join()
        first = first or total
        lines = (
            "",
            f"{number:,} suppliers' names ({len(suppliers):,} real, {planted:,} planted variants)"
            f" among {size:,} watchlist names:",
            f"  index {built:.1f} s, all {total:.1f} s of processor time"
            f" ({total / number * 1e6:.0f} us a name, {total / first:.1f} times the first),"
            f" {wall:.1f} s by the clock; peak memory {peak:.0f} MB",
            f"  recall on the planted {found / planted:.4f} ({found:,} of {planted:,});"
            f" real names with a hit {others:,}",
        )
        print("\n".join(lines), flush=True)


def main() -> None:
    if not DATA.is_dir():
        print("skipped: needs the real data beside the checkout")
        return
    wanted = sys.argv[1:] or ["pairs", "search"]
    if "pairs" in wanted:
        report_pairs()
    if "search" in wanted:
        report_search()


if __name__ == "__main__":
    main()
