"""The interface a task module fulfils, and what crosses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from bakeoff.model.specs import Metric
from bakeoff.model.words import DataKind
from bakeoff.run.data.types import Data, Split


@dataclass(frozen=True, slots=True)
class Policy:
    """A split policy by name with its parameters, e.g. `stratified-kfold`, {"folds": 5}.

    Names: `stratified-kfold`, `kfold`, `holdout` (tables: {"test": .2}); `global-timeline`
    ({"validation": .1, "test": .1}, shares of events), `user-random` ({"test": .2}), `leave-last-out` ({}).
    `holdout` takes {"validation": v}: v of the rows is left out of both sides (64/16/20).
    """

    name: str
    params: Mapping[str, float | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scores:
    """What scoring says of one cell: the task's metrics, unranked diagnostics, flags on the row.

    A metric that cannot be computed (no probabilities, one class in the test part) is None, with the reason
    in `notes`.
    """

    metrics: dict[str, float | None]
    diagnostics: dict[str, float | None] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    n_test: int = 0


#: What a worker sends back. Tables: `response` (n,) and perhaps `proba` (n, K') with `classes` (K',) codes.
#: Recommendation: `items` (n_users, k) int64, -1 where there are no more, and perhaps `tie_rate` (1,).
Output = Mapping[str, np.ndarray]


class TaskRules(Protocol):
    """What a task decides. Stateless; all randomness comes from `seed`."""

    @property
    def name(self) -> str:
        """Registered name."""

    @property
    def kind(self) -> DataKind:
        """Shape of data it works on."""

    def check(self, data: Data) -> tuple[str, ...]:
        """Refuse what no technique may be run on (raises Refusal); return warnings for people."""

    def indices(self, policy: Policy, repeats: int) -> Sequence[tuple[int, int]]:
        """(repeat, fold) of every split, without looking at data."""

    def split(
        self, data: Data, policy: Policy, repeat: int, fold: int, seed: int, n_train: int | None = None
    ) -> Split:
        """Make one split. `n_train` caps the training part by a nested, stratified subset, the same for every
        technique. Raises Refusal where the policy is impossible (SPLIT-01..03, too few rows a class)."""

    def message(self, data: Data, split: Split) -> dict[str, np.ndarray]:
        """Arrays a worker needs to fit, never a test target. Tables: `train` (rows), `y`; recommendation:
        `indptr`, `indices`, `values`, `shape`."""

    def question(self, data: Data, split: Split) -> dict[str, np.ndarray]:
        """Arrays a worker needs to predict, sent after fit has returned. Tables: `test` (rows);
        recommendation: `users` (codes to recommend for, warm ones only) and `k` (1,)."""

    def validate(self, data: Data, split: Split, output: Output) -> dict[str, np.ndarray]:
        """Check shapes, finiteness, classes, item ids (raises InvalidOutput); return the output in canonical
        form (float64 `proba` (n, K) with a column for every class; `response` as codes or floats)."""

    def score(self, data: Data, split: Split, output: Output, metrics: Sequence[Metric]) -> Scores:
        """Compute the metrics of a validated output."""

    def kept(self, output: Output) -> dict[str, np.ndarray]:
        """The part of a validated output worth keeping, compact (float32, int32)."""

    def targets(self, data: Data, split: Split) -> dict[str, np.ndarray]:
        """What a metric added later needs beside kept predictions: tables `rows`, `y`; recommendation `users` (as
        in `question`) and the held-out pairs as `indptr`, `indices`."""

    def facts(self, data: Data) -> dict[str, Any]:
        """Facts for headers and tables: rows, columns, classes, imbalance, missing share, density, ..."""
