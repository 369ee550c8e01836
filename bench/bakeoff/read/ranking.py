"""Ranks over the compared datasets of a board: mean rank, and the range of places the evidence leaves open.

Only techniques that completed every compared dataset are ranked, so that no rank stands on other datasets than
its neighbour's and nothing is imputed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bakeoff.read.boards import DatasetResult
from bakeoff.read.datasets import Terms
from bakeoff.read.stats.across import datasets_needed, signed_rank
from bakeoff.read.stats.ranks import midranks, rank_ranges

#: dataset -> technique -> result
Results = Mapping[str, Mapping[str, DatasetResult]]


@dataclass(frozen=True, slots=True)
class Ranking:
    """mean_rank and ranges by technique (ranked ones only), and what decided them."""

    compared: tuple[str, ...]
    mean_rank: Mapping[str, float] = field(default_factory=dict)
    ranges: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    test: str = "none"
    units: int = 0
    units_needed: int = 0


def rank(results: Results, origins: Mapping[str, str], terms: Terms) -> Ranking:
    """Rank the techniques complete on every dataset that any technique completed.

    One dataset: its own ranges, from the corrected t-test over its splits. Several: the exact signed-rank test
    on differences of dataset means, where datasets of one origin are averaged and count once.
    """
    compared = tuple(d for d in sorted(results) if any(r.complete for r in results[d].values()))
    everybody = sorted({t for d in compared for t in results[d]})
    ranked = [t for t in everybody if all(t in results[d] and results[d][t].complete for d in compared)]
    if len(ranked) < 2 or not terms.direction:
        return Ranking(compared)
    if len(compared) == 1:
        return _within(results[compared[0]], ranked, compared)
    means = {d: [_score(results[d][t], terms) for t in ranked] for d in compared}
    places = [midranks([-m for m in means[d]]) for d in compared]
    units = _units(compared, origins)

    def differences(i: int, j: int) -> list[float]:
        return [math.fsum(means[d][i] - means[d][j] for d in unit) / len(unit) for unit in units]

    ranges = rank_ranges(
        lambda i, j: _effect(differences(i, j)), lambda i, j: signed_rank(differences(i, j)), len(ranked)
    )
    return Ranking(
        compared,
        {t: math.fsum(float(p[i]) for p in places) / len(places) for i, t in enumerate(ranked)},
        dict(zip(ranked, ranges, strict=True)),
        "exact Wilcoxon signed-rank test on dataset means, Holm over all pairs",
        len(units),
        datasets_needed(len(ranked) * (len(ranked) - 1) // 2),
    )


def _within(here: Mapping[str, DatasetResult], ranked: Sequence[str], compared: tuple[str, ...]) -> Ranking:
    """On one dataset every complete technique is ranked, so its own ranks and ranges are the board's."""
    chosen = {t: here[t] for t in ranked}
    return Ranking(
        compared,
        {t: r.rank for t, r in chosen.items() if r.rank is not None},
        {
            t: (r.rank_low, r.rank_high)
            for t, r in chosen.items()
            if r.rank_low is not None and r.rank_high is not None
        },
        "corrected resampled t-test over splits, Holm over all pairs",
        1,
    )


def _score(result: DatasetResult, terms: Terms) -> float:
    """The mean of the primary metric, turned so that larger is better."""
    estimate = result.metrics[terms.metric]
    return terms.gain(estimate.mean, 0.0) if estimate else -math.inf


def _units(datasets: Sequence[str], origins: Mapping[str, str]) -> list[list[str]]:
    units: dict[str, list[str]] = {}
    for dataset in datasets:
        units.setdefault(origins.get(dataset) or dataset, []).append(dataset)
    return list(units.values())


def _effect(differences: Sequence[float]) -> float:
    """Sign of the signed-rank statistic: which side the ranks of the differences favour."""
    sizes = midranks([abs(d) for d in differences])
    return math.fsum(float(s) * ((d > 0) - (d < 0)) for s, d in zip(sizes, differences, strict=True))
