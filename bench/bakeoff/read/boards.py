"""What a leaderboard is, as data: the only thing reporters are handed, and the shape of the JSON format.

Frozen values without behaviour. How they come about: `leaderboard.py`; how they look: `reports/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its Nadeau-Bengio corrected standard error (None where one fold or no ratio is known)."""

    mean: float
    se: float | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """A warning on a row: in `count` of `total` `unit` ("cells" or "datasets")."""

    name: str
    count: int
    total: int
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetResult:
    """One technique on one dataset.

    metrics: name -> mean over the shared folds that ended ok, None where there is none.
    n_folds: shared folds that ended ok; n_shared: shared folds of the dataset (see `DatasetFacts`).
    complete: every shared fold ended ok with a value of the primary metric. Only then it is ranked.
    rank: among the techniques complete here, ties shared. rank_low, rank_high: range of ranks the folds of
        this dataset cannot tell apart. None where not complete.
    fit_seconds, predict_seconds: median over the shared folds that ended ok. peak_memory_bytes: their maximum.
    failures: status -> number of planned cells that ended so; `missing` = planned and no record.
    beats_baseline: mean better than the floor baseline's (None: no such comparison here).
    """

    dataset: str
    metrics: Mapping[str, Estimate | None]
    n_folds: int
    n_shared: int
    complete: bool
    rank: float | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    fit_seconds: float | None = None
    predict_seconds: float | None = None
    peak_memory_bytes: int | None = None
    failures: Mapping[str, int] = field(default_factory=dict)
    beats_baseline: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One technique, summed up over datasets.

    ranked: it completed every compared dataset; only ranked rows stand in ranks, and only their means are
        means over the same datasets.
    metrics: name -> mean over the compared datasets it completed (unweighted); None where it completed none.
    mean_rank: mean over compared datasets of its rank among the ranked rows.
    rank_low, rank_high: the range of places the evidence leaves open.
    fit_seconds, predict_seconds: mean over datasets of the median fold. peak_memory_bytes: largest cell.
    planned, finished, ok: cells. finished = a record that is neither `not_run` nor `interrupted`.
    failures: status -> cells, `missing` = planned and no record. reason: the first of them, with its place.
    datasets_complete of datasets_planned: coverage.
    """

    technique: str
    ranked: bool
    metrics: Mapping[str, Estimate | None]
    mean_rank: float | None
    rank_low: int | None
    rank_high: int | None
    fit_seconds: float | None
    predict_seconds: float | None
    peak_memory_bytes: int | None
    planned: int
    finished: int
    ok: int
    failures: Mapping[str, int]
    reason: str
    datasets_complete: int
    datasets_planned: int
    flags: tuple[Flag, ...]
    datasets: tuple[DatasetResult, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetFacts:
    """A dataset of the board: what its header says of it, its planned splits, and those that are compared.

    n_shared: splits that every compared technique has tried; 0: nothing is compared here.
    compared: at least one technique completed it, so that it counts in means and ranks.
    """

    name: str
    fingerprint: str
    facts: Mapping[str, Any]
    n_planned: int
    n_shared: int
    compared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaderboard:
    """One (suite, task, protocol, track).

    direction: "max", "min", or "" where no header says it (then nothing is ranked). directions: of every metric.
    test: what decided the ranges of rank. units: independent datasets (one an origin) it had;
        units_needed: the least at which it could have separated anything, 0 where that does not apply.
    machines: those whose runs planned these cells; with more than one, times are not comparable.
    notes: what a reader must know. problems: what the store could not read.
    """

    suite: str
    question: str
    profile: str
    task: str
    title: str
    protocol: str
    track: str
    metric: str
    direction: str
    metrics: tuple[str, ...]
    directions: Mapping[str, str]
    datasets: tuple[DatasetFacts, ...]
    rows: tuple[Row, ...]
    planned: int
    finished: int
    ok: int
    test: str
    units: int
    units_needed: int
    machines: tuple[str, ...]
    notes: tuple[str, ...]
    problems: tuple[str, ...]
