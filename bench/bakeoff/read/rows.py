"""One row of a leaderboard: a technique summed up over the datasets of the board, failures included."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bakeoff.model.record import Record
from bakeoff.model.words import FAILURES, Status
from bakeoff.read.boards import DatasetResult, Estimate, Flag, Row
from bakeoff.read.cells import PENDING, Trial, Unit
from bakeoff.read.datasets import Terms
from bakeoff.read.ranking import Ranking
from bakeoff.read.stats.within import combined_se

#: The flag this module computes; a record's own flag of that name would be counted twice.
NOT_BETTER = "not better than the baseline"


def row(
    technique: str,
    units: Mapping[Unit, Trial],
    results: Sequence[DatasetResult],
    ranking: Ranking,
    terms: Terms,
) -> Row:
    """Sum `technique` up. `results` are its datasets in the order of the board."""
    complete = [r for r in results if r.complete and r.dataset in ranking.compared]
    trials = list(units.values())
    records = [r for t in trials for r in t.records]
    failures: Counter[str] = Counter()
    for trial in trials:
        failures.update(trial.failures())
    low, high = ranking.ranges.get(technique, (None, None))
    peaks = [r.peak_memory_bytes for r in results if r.peak_memory_bytes is not None]
    return Row(
        technique=technique,
        ranked=technique in ranking.mean_rank,
        metrics={m: _over_datasets([r.metrics.get(m) for r in complete]) for m in terms.metrics},
        mean_rank=ranking.mean_rank.get(technique),
        rank_low=low,
        rank_high=high,
        fit_seconds=_average(r.fit_seconds for r in results),
        predict_seconds=_average(r.predict_seconds for r in results),
        peak_memory_bytes=max(peaks, default=None),
        planned=sum(t.planned for t in trials),
        finished=sum(r.status not in PENDING for r in records),
        ok=sum(r.status is Status.OK for r in records),
        failures=dict(sorted(failures.items())),
        reason=_first_reason(records),
        datasets_complete=len(complete),
        datasets_planned=len({dataset for dataset, _ in units}),
        flags=_flags(records, results),
        datasets=tuple(results),
    )


def in_order(rows: Iterable[Row], terms: Terms) -> tuple[Row, ...]:
    """Ranked rows by mean rank, then incomplete ones by coverage, then those without any result."""

    def place(r: Row) -> tuple[bool, float, int, bool, float, str]:
        estimate = r.metrics.get(terms.metric)
        score = -terms.gain(estimate.mean, 0.0) if estimate and terms.direction else 0.0
        mean_rank = math.inf if r.mean_rank is None else r.mean_rank
        return (not r.ranked, mean_rank, -r.datasets_complete, not r.ok, score, r.technique)

    return tuple(sorted(rows, key=place))


def _over_datasets(estimates: Sequence[Estimate | None]) -> Estimate | None:
    known = [e for e in estimates if e is not None]
    if not known or len(known) < len(estimates):
        return None
    return Estimate(math.fsum(e.mean for e in known) / len(known), combined_se([e.se for e in known]))


def _average(values: Iterable[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return math.fsum(known) / len(known) if known else None


def _first_reason(records: Sequence[Record]) -> str:
    """Reason of the first cell that is not ok, failures before the rest; with its place where it is one."""
    bad = sorted(
        (r for r in records if r.status is not Status.OK and r.reason),
        key=lambda r: (r.status not in FAILURES, r.status in PENDING, r.dataset, r.split, r.key),
    )
    if not bad:
        return ""
    first = bad[0]
    if first.status is Status.UNAVAILABLE:
        return first.reason
    stage = f", {first.stage}" if first.stage else ""
    return f"{first.reason} ({first.dataset} {first.split}{stage})"


def _flags(records: Sequence[Record], results: Sequence[DatasetResult]) -> tuple[Flag, ...]:
    ok = [r for r in records if r.status is Status.OK]
    counts = Counter(flag for r in ok for flag in set(r.flags) if flag != NOT_BETTER)
    flags = [Flag(name, count, len(ok), "cells") for name, count in sorted(counts.items())]
    judged = [r.beats_baseline for r in results if r.beats_baseline is not None]
    worse = judged.count(False)
    if worse:
        flags.insert(0, Flag(NOT_BETTER, worse, len(judged), "datasets"))
    return tuple(flags)
