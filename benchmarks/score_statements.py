"""Score ``nameplate statements``: python benchmarks/score_statements.py GOLD.jsonl

GOLD: JSON lines with ``id, kind, title, body, text, text_kind, labels``. Prints, verbatim and
constructed apart, mentions, mention and role, counts, money, suppliers (F1) and answers
(accuracy); role by role with a confusion table; the spread over five folds of bodies; the worst
twenty passages. Nothing is fitted on the passages, so a fold's score is that of the one rule set.
"""

from __future__ import annotations

import hashlib
import json
import statistics
import sys
from collections import Counter, defaultdict
from pathlib import Path

from nameplate.catalogue.store import load
from nameplate.tracing.extract.reading import Passage, as_line, read_passage

FOLDS = 5
MEASURES = ("mention", "mention+role", "counts", "money", "suppliers")
Triple = tuple[int, int, int]


def plain(text: object) -> str:
    return " ".join(str(text or "").split()).casefold()


def makers(name: object) -> set[str]:
    """``Hikvision (HiLook)`` meets both ``Hikvision`` and ``HiLook``."""
    return {part.strip() for part in plain(name).replace(")", "(").split("(") if part.strip()}


def meets(a: dict, b: dict, *, role: bool) -> bool:
    one, two = plain(a["surface"]), plain(b["surface"])
    return bool(
        makers(a["maker"]) & makers(b["maker"])
        and (one in two or two in one)
        and (not role or a["role"] == b["role"])
    )


def mention_score(gold: list[dict], found: list[dict], *, role: bool) -> tuple[Triple, list, list]:
    """Hits, false, missed; a repeat of a maker (and role) already hit is no error."""
    left = list(found)
    missed, hit = [], []
    for g in gold:
        match = next((f for f in left if meets(g, f, role=role)), None)
        if match is None:
            missed.append(g)
        else:
            left.remove(match)
            hit.append(g)
    repeats = [
        f
        for f in left
        if any(
            makers(f["maker"]) & makers(h["maker"]) and (not role or f["role"] == h["role"])
            for h in hit
        )
    ]
    false = [f for f in left if f not in repeats]
    return (len(hit), len(false), len(missed)), false, missed


def bag(gold: list, found: list) -> Triple:
    one, two = Counter(gold), Counter(found)
    both = sum((one & two).values())
    return both, sum(two.values()) - both, sum(one.values()) - both


def f1(hit: int, false: int, missed: int) -> float:
    return 2 * hit / (2 * hit + false + missed) if hit + false + missed else 1.0


def counted(counts: list[dict]) -> list:
    return [(plain(c["maker"]).split(" (")[0], float(c["count"])) for c in counts]


def score(record: dict, line: dict) -> tuple[dict[str, Triple], bool, list, list]:
    labels = record["labels"]
    roled, extra, lost = mention_score(labels["mentions"], line["mentions"], role=True)
    scores = {
        "mention": mention_score(labels["mentions"], line["mentions"], role=False)[0],
        "mention+role": roled,
        "counts": bag(counted(labels["device_counts"]), counted(line["device_counts"])),
        "money": bag(
            [round(float(m["amount"]), 2) for m in labels["money"]],
            [round(float(m["amount"]), 2) for m in line["money"]],
        ),
        "suppliers": supplier_score(labels["suppliers"], line["suppliers"]),
    }
    answered = labels["maker_question_answered"] == line["maker_question_answered"]
    return scores, answered, extra, lost


def supplier_score(gold: list[dict], found: list[dict]) -> Triple:
    left = [plain(f["name"]) for f in found]
    hit = 0
    for g in gold:
        name = plain(g["name"])
        match = next((f for f in left if name in f or f in name), None)
        if match is not None:
            left.remove(match)
            hit += 1
    return hit, len(left), len(gold) - hit


def main(path: Path) -> None:
    catalogue = load()
    results = []
    for raw in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(raw)
        given = {key: record.get(key) for key in ("id", "kind", "title", "body", "text")}
        line = as_line(read_passage(Passage(**given), catalogue))
        for part in ("mentions", "device_counts", "money", "dates", "suppliers"):
            assert all(item["surface"] in record["text"] for item in line[part]), record["id"]
        results.append((record, *score(record, line)))
    for kind in sorted({str(r[0].get("text_kind")) for r in results}):
        table(kind, [r for r in results if str(r[0].get("text_kind")) == kind])
    roles(results)
    folds(results)
    worst(results)


def table(name: str, results: list) -> None:
    print(f"\n{name}: {len(results)} passages")
    for measure in MEASURES:
        sums = [sum(r[1][measure][i] for r in results) for i in range(3)]
        print(
            f"  {measure:14} F1 {f1(*sums):.3f}   hits {sums[0]}, false {sums[1]}, missed {sums[2]}"
        )
    right = sum(r[2] for r in results)
    print(f"  {'answer':14} accuracy {right / len(results):.3f}   {right} of {len(results)}")


def role_table(results: list) -> dict[str, list[int]]:
    per: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for record, _, _, extra, lost in results:
        for m in record["labels"]["mentions"]:
            per[m["role"]][2 if m in lost else 0] += 1
        for m in extra:
            per[m["role"]][1] += 1
    return per


def macro(results: list) -> float:
    per = role_table(results)
    scores = [f1(*per[r]) for r in per if per[r][0] + per[r][2]]
    return sum(scores) / len(scores) if scores else 1.0


def roles(results: list) -> None:
    per = role_table(results)
    print("\nrole             F1     hits false missed")
    for role in sorted(per):
        print(
            f"  {role:14} {f1(*per[role]):.3f}  {per[role][0]:4} {per[role][1]:5} {per[role][2]:6}"
        )
    print(f"  {'macro':14} {macro(results):.3f}")
    confusion: Counter[tuple[str, str]] = Counter()
    for _, _, _, extra, lost in results:
        for m in lost:
            taken = [e["role"] for e in extra if makers(e["maker"]) & makers(m["maker"])]
            confusion[(m["role"], taken[0] if taken else "(nothing)")] += 1
    print("\nconfusion (label -> found)")
    for (label, found), count in confusion.most_common():
        print(f"  {label:15} -> {found:15} {count}")


def folds(results: list) -> None:
    by: dict[int, list] = defaultdict(list)
    for result in results:
        digest = hashlib.sha256(str(result[0].get("body")).encode()).digest()
        by[digest[0] % FOLDS].append(result)
    print(f"\nspread over {FOLDS} folds of bodies: mean (lowest)")
    for measure in MEASURES:
        scores = [f1(*(sum(r[1][measure][i] for r in p) for i in range(3))) for p in by.values()]
        print(f"  {measure:14} {statistics.mean(scores):.3f} ({min(scores):.3f})")
    scores = [macro(part) for part in by.values()]
    print(f"  {'role macro':14} {statistics.mean(scores):.3f} ({min(scores):.3f})")


def worst(results: list, count: int = 20) -> None:
    def errors(result: tuple) -> int:
        return sum(s[1] + s[2] for s in result[1].values()) + (not result[2])

    print(f"\nworst {count}")
    for result in sorted(results, key=lambda r: (-errors(r), r[0]["id"]))[:count]:
        if errors(result):
            wrong = [m for m in MEASURES if result[1][m][1] + result[1][m][2]]
            print(f"  {result[0]['id']:28} {errors(result)} errors: {', '.join(wrong) or 'answer'}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
