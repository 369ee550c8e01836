"""One dataset of a board: every technique's means over the shared splits, and who is separated there.

Folds are averaged here, within the dataset, before anything is paired across datasets: a dataset with more
folds weighs no more than another. Missing values stay missing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from bakeoff.model.record import Record
from bakeoff.read.boards import DatasetResult, Estimate
from bakeoff.read.cells import Trial
from bakeoff.read.headers import policy_ratio
from bakeoff.read.stats.ranks import midranks, rank_ranges
from bakeoff.read.stats.within import corrected_se, corrected_t


@dataclass(frozen=True, slots=True)
class Terms:
    """What a board compares on: primary metric, its direction ("" = unknown), all metrics, protocol, floor.

    interactions: `n_test` counts users and `n_train` events, so that their ratio means nothing.
    """

    metric: str
    direction: str
    metrics: tuple[str, ...]
    protocol: str
    floor: str = ""
    interactions: bool = False

    def gain(self, a: float, b: float) -> float:
        """Difference of two values of the primary metric, positive where `a` is better."""
        return b - a if self.direction == "min" else a - b


def dataset_results(
    trials: Mapping[str, Mapping[str, Trial]], dataset: str, splits: Sequence[str], terms: Terms
) -> dict[str, DatasetResult]:
    """Sum up every technique on `dataset` over the shared `splits`, with ranks among those complete there.

    trials: technique -> split -> trial, of this dataset alone.
    """
    results = {t: _result(mine, dataset, splits, terms) for t, mine in trials.items()}
    complete = [t for t in sorted(results) if results[t].complete]
    if not complete or not terms.direction:
        return results
    means = [_mean(results[t], terms.metric) for t in complete]
    ranks = midranks([-terms.gain(m, 0.0) for m in means])
    folds = [[_value(trials[t][s].records, terms.metric) for s in splits] for t in complete]
    ratio = _ratio([r for s in splits for r in trials[complete[0]][s].records], terms)

    def p(i: int, j: int) -> float:
        return corrected_t([_known(a) - _known(b) for a, b in zip(folds[i], folds[j], strict=True)], ratio)

    ranges = rank_ranges(lambda i, j: terms.gain(means[i], means[j]), p, len(complete))
    floor = results.get(terms.floor)
    for technique, mean, rank, (low, high) in zip(complete, means, ranks, ranges, strict=True):
        comparable = floor is not None and floor.complete and technique != terms.floor
        beats = terms.gain(mean, _mean(floor, terms.metric)) > 0 if floor and comparable else None
        results[technique] = replace(
            results[technique], rank=float(rank), rank_low=low, rank_high=high, beats_baseline=beats
        )
    return results


def _result(trials: Mapping[str, Trial], dataset: str, splits: Sequence[str], terms: Terms) -> DatasetResult:
    here = [trials[s] for s in splits if s in trials]
    ok = [trial for trial in here if trial.ok]
    records = [r for trial in ok for r in trial.records]
    ratio = _ratio(records, terms)
    metrics = {m: _estimate([_value(t.records, m) for t in ok], ratio) for m in terms.metrics}
    failures: Counter[str] = Counter()
    for trial in trials.values():
        failures.update(trial.failures())
    return DatasetResult(
        dataset=dataset,
        metrics=metrics,
        n_folds=len(ok),
        n_shared=len(splits),
        complete=bool(ok) and len(ok) == len(splits) and metrics.get(terms.metric) is not None,
        fit_seconds=_median([r.fit_seconds for r in records]),
        predict_seconds=_median([r.predict_seconds for r in records]),
        peak_memory_bytes=max(
            (r.peak_memory_bytes for r in records if r.peak_memory_bytes is not None), default=None
        ),
        failures=dict(sorted(failures.items())),
    )


def _value(records: Sequence[Record], metric: str) -> float | None:
    """Mean over the seeds of one split; None where one of them has no finite value."""
    values = [r.metrics.get(metric) for r in records]
    known = [v for v in values if v is not None and math.isfinite(v)]
    return math.fsum(known) / len(known) if known and len(known) == len(values) else None


def _estimate(values: Sequence[float | None], ratio: float | None) -> Estimate | None:
    known = [v for v in values if v is not None]
    if not known or len(known) < len(values):
        return None
    return Estimate(math.fsum(known) / len(known), corrected_se(known, ratio))


def _ratio(records: Sequence[Record], terms: Terms) -> float | None:
    """n_test / n_train, the mean over cells: what folds share, by Nadeau and Bengio.

    The policy's own ratio stands in for interactions, and where a cap leaves most of the training part unused:
    capped training parts share no more rows than whole ones, while n_test / n_train would say much more.
    """
    if terms.interactions or "n_train<=" in terms.protocol:
        return policy_ratio(terms.protocol)
    ratios = [r.n_test / r.n_train for r in records if r.n_test and r.n_train]
    return math.fsum(ratios) / len(ratios) if ratios and len(ratios) == len(records) else None


def _median(values: Sequence[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return float(median(known)) if known else None


def _mean(result: DatasetResult, metric: str) -> float:
    estimate = result.metrics[metric]
    if estimate is None:
        raise ValueError(f"{result.dataset} is not complete on {metric}")
    return estimate.mean


def _known(value: float | None) -> float:
    if value is None:
        raise ValueError("a complete technique has a value on every split")
    return value
