"""Prints our numbers on movielens-100k beside the published ones, as Markdown; exit 1 if a bound is broken.

It runs `published-recsys.toml` through the command line, as a user would: ten random 80/20 splits within each user,
every rating positive, full ranking. About five minutes on one core; finished cells are reused.

    python benchmarks/published_recsys.py [RESULTS_FOLDER]

The published figures are those of Recommenders.jl on one split of its own. The standard deviation of NDCG@10 over
splits is about .005, so the last digit of a single split says nothing.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from statistics import fmean, stdev

from bakeoff.model.record import Record
from bakeoff.store import read_results

SUITE = Path(__file__).with_name("published-recsys.toml")
METRICS = ("precision@10", "recall@10", "ndcg@10")

#: P@10, R@10, NDCG@10 of the nearest published technique, and its name there.
PUBLISHED = {
    "popularity": ((0.190, 0.118, 0.220), "popularity"),
    "item-knn": ((0.328, 0.218, 0.399), "item-kNN"),
    "ease[l2=800]": ((0.363, 0.239, 0.436), "SLIM"),
    "als[alpha=4,factors=32,regularization=30]": ((0.366, 0.242, 0.440), "matrix factorisation"),
    "bpr": ((0.346, 0.232, 0.408), "BPR"),
}

#: NDCG@10: (what it must be near, by how much). EASE against our own earlier measurement at lambda 800.
BOUNDS = {"popularity": (0.220, 0.005), "ease[l2=800]": (0.432, 0.01)}


def main(folder: str) -> int:
    """Run, print, judge."""
    code = "import sys; from bakeoff.cli.main import main; main(sys.argv[1:])"
    arguments = ["run", str(SUITE), "--results", folder, "--yes"]
    done = subprocess.run([sys.executable, "-c", code, *arguments], stdout=subprocess.DEVNULL, check=False)
    if done.returncode:
        return done.returncode
    found = by_technique(read_results([Path(folder)]).records)
    print(table(found))
    broken = [line for name, bound in BOUNDS.items() if (line := judge(name, found[name], *bound))]
    print(*broken, sep="\n", file=sys.stderr, end="\n" if broken else "")
    return 1 if broken else 0


def by_technique(records: tuple[Record, ...]) -> dict[str, list[Record]]:
    """The suite's finished records by technique, the newest of each split: a folder may hold older versions' too."""
    newest = {
        (r.technique, r.split): r
        for r in sorted(records, key=lambda r: r.started_at)
        if r.suite == "published-recsys" and r.status == "ok"
    }
    found: dict[str, list[Record]] = {}
    for record in newest.values():
        found.setdefault(record.technique, []).append(record)
    return found


def table(found: dict[str, list[Record]]) -> str:
    """Markdown, best NDCG@10 first."""
    rows = sorted(found, key=lambda name: -scores(found[name], "ndcg@10")[0])
    head = (
        "| technique | P@10 | R@10 | NDCG@10 | SD over splits | published NDCG@10 | fit CPU seconds |\n"
        "|---|---|---|---|---|---|---|"
    )
    return "\n".join([head, *(row(name, found[name]) for name in rows)])


def row(name: str, records: list[Record]) -> str:
    """One line of the table."""
    means = " | ".join(short(scores(records, metric)[0]) for metric in METRICS)
    values, label = PUBLISHED.get(name, (None, ""))
    published = f"{short(values[2])} ({label})" if values else ""
    seconds = fmean(r.fit_cpu_seconds or 0.0 for r in records)
    return f"| `{name}` | {means} | {short(scores(records, 'ndcg@10')[1])} | {published} | {seconds:.2f} |"


def scores(records: list[Record], metric: str) -> tuple[float, float]:
    """Mean and standard deviation over splits."""
    values = [float(value) for r in records if (value := r.metrics[metric]) is not None]
    return fmean(values), stdev(values) if len(values) > 1 else 0.0


def short(value: float) -> str:
    """`.432`."""
    return f"{value:.3f}".removeprefix("0")


def judge(name: str, records: list[Record], near: float, by: float) -> str:
    """Empty, or what is wrong."""
    mean, _ = scores(records, "ndcg@10")
    return "" if abs(mean - near) <= by else f"{name}: NDCG@10 {mean:.4f} is not within {by} of {near}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "bakeoff-results"))
