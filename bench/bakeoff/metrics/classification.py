"""Classification metrics. Every function takes `(y, response, proba)`, the signature of plugin metrics too:

y: (n,) int codes 0..K-1; response: (n,) predicted codes; proba: (n, K) float64 rows that sum to 1, or None.
It returns a finite float or raises `Undefined`. `bundle` computes many at the price of one sort and
one tally of classes. Names, ties and averages are those of scikit-learn's scorers, against which all are tested.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from bakeoff.metrics.base import Bundle, Undefined, collect
from bakeoff.metrics.curves import Counts, counts, precision_area, roc_area


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows by class: `true` ones, `predicted` ones, and those `right`; int64. All that confusion-matrix metrics
    need, without K x K cells."""

    true: np.ndarray
    predicted: np.ndarray
    right: np.ndarray


class Shared:
    """What several metrics of the same predictions need, computed when first asked for."""

    def __init__(self, y: np.ndarray, response: np.ndarray, proba: np.ndarray | None) -> None:
        if not len(y):
            raise Undefined("the test part is empty")
        self.y = y
        self.response = response
        self._proba = proba

    @property
    def proba(self) -> np.ndarray:
        """The probabilities, (n, K); Undefined where the technique gives none."""
        if self._proba is None:
            raise Undefined("the technique gives no probabilities")
        return self._proba

    @cached_property
    def tally(self) -> Tally:
        """Margins and diagonal of the confusion matrix."""
        size = 1 + int(max(self.y.max(), self.response.max()))
        right = self.y[self.y == self.response]
        return Tally(*(np.bincount(c, minlength=size) for c in (self.y, self.response, right)))

    @cached_property
    def present(self) -> np.ndarray:
        """Codes of the classes with rows in the test part."""
        return np.flatnonzero(np.bincount(self.y, minlength=self.proba.shape[1]))

    @cached_property
    def curves(self) -> list[Counts]:
        """Two classes: that of the positive one. More: each present class against the rest."""
        binary = self.proba.shape[1] == 2
        return [counts(self.proba[:, c], self.y == c) for c in ([1] if binary else self.present)]

    @cached_property
    def likelihood(self) -> np.ndarray:
        """(n,) the probability given to the true class."""
        return np.asarray(self.proba[np.arange(len(self.y)), self.y])


def accuracy(
    y: np.ndarray, response: np.ndarray, proba: np.ndarray | None = None, *, shared: Shared | None = None
) -> float:
    """Share of rows with response = y. max, 0..1."""
    tally = (shared or Shared(y, response, proba)).tally
    return float(tally.right.sum() / tally.true.sum())


def balanced_accuracy(
    y: np.ndarray, response: np.ndarray, proba: np.ndarray | None = None, *, shared: Shared | None = None
) -> float:
    """Mean recall over the classes present in y. max, 0..1. Brodersen et al. (2010)."""
    tally = (shared or Shared(y, response, proba)).tally
    has = tally.true > 0
    return float((tally.right[has] / tally.true[has]).mean())


def f1_macro(
    y: np.ndarray, response: np.ndarray, proba: np.ndarray | None = None, *, shared: Shared | None = None
) -> float:
    """Mean of 2 TP / (2 TP + FP + FN) over the classes in y or response. max, 0..1.

    van Rijsbergen (1979); averaged as scikit-learn's `f1_score(average="macro")`.
    """
    tally = (shared or Shared(y, response, proba)).tally
    total = tally.true + tally.predicted
    has = total > 0
    return float((2 * tally.right[has] / total[has]).mean())


def mcc(
    y: np.ndarray, response: np.ndarray, proba: np.ndarray | None = None, *, shared: Shared | None = None
) -> float:
    """Matthews' correlation: (c s - t.p) / sqrt((s^2 - p.p)(s^2 - t.t)), with c rows right of s, t true and
    p predicted counts by class; 0 where y or response is constant. max, -1..1. Gorodkin (2004).
    """
    tally = (shared or Shared(y, response, proba)).tally
    true, predicted = tally.true, tally.predicted
    rows = int(true.sum())
    covariance = int(tally.right.sum()) * rows - int(true @ predicted)
    spread = (rows * rows - int(predicted @ predicted)) * (rows * rows - int(true @ true))
    return covariance / math.sqrt(spread) if spread > 0 else 0.0


def roc_auc(
    y: np.ndarray, response: np.ndarray, proba: np.ndarray | None = None, *, shared: Shared | None = None
) -> float:
    """Area under the ROC curve (`curves.roc_area`); more than two classes: mean of one-vs-rest areas over the
    classes present. max, 0..1. Undefined where the test part holds one class.
    """
    curves = (shared or Shared(y, response, proba)).curves
    return sum(map(roc_area, curves)) / len(curves)


def average_precision(
    y: np.ndarray, response: np.ndarray, proba: np.ndarray | None = None, *, shared: Shared | None = None
) -> float:
    """Average precision (`curves.precision_area`); more than two classes: mean of one-vs-rest values over the
    classes present. max, 0..1. Undefined where the test part holds one class.
    """
    curves = (shared or Shared(y, response, proba)).curves
    return sum(map(precision_area, curves)) / len(curves)


def log_loss(
    y: np.ndarray, response: np.ndarray, proba: np.ndarray | None = None, *, shared: Shared | None = None
) -> float:
    """Mean of -ln p(true class), p clipped to [eps, 1 - eps] of float64 as in scikit-learn. min, 0..36.04."""
    given = (shared or Shared(y, response, proba)).likelihood
    eps = np.finfo(np.float64).eps
    return float(-np.log(np.clip(given, eps, 1 - eps)).mean())


def brier(
    y: np.ndarray, response: np.ndarray, proba: np.ndarray | None = None, *, shared: Shared | None = None
) -> float:
    """Two classes: mean (p(positive) - y)^2, min, 0..1. More: mean over rows of the sum over classes of
    (p - 1[y = class])^2, min, 0..2, as scikit-learn's `brier_score_loss` (`scale_by_half="auto"`).

    Brier (1950), Verification of forecasts expressed in terms of probability.
    """
    shared = shared or Shared(y, response, proba)
    if shared.proba.shape[1] == 2:
        error = shared.proba[:, 1] - y
        return float(error @ error / len(y))
    distance = shared.proba.copy()
    distance[np.arange(len(y)), y] -= 1
    return float(np.einsum("ij,ij->", distance, distance) / len(y))


FUNCTIONS: Mapping[str, Callable[..., float]] = {
    f.__name__: f
    for f in (roc_auc, average_precision, log_loss, brier, accuracy, balanced_accuracy, f1_macro, mcc)
}


def bundle(
    y: np.ndarray, response: np.ndarray, proba: np.ndarray | None, names: tuple[str, ...] = tuple(FUNCTIONS)
) -> Bundle:
    """Compute the named metrics, sharing the sort and the tally of classes.

    Where more than two classes are averaged and some are absent from y, a note says how many.
    """
    if not len(y):
        return Bundle(dict.fromkeys(names), ("the test part is empty",))
    shared = Shared(y, response, proba)
    found = collect({name: partial(FUNCTIONS[name], y, response, proba, shared=shared) for name in names})
    return Bundle(found.values, found.notes + _partial_average(shared, found.values))


def _partial_average(shared: Shared, values: Mapping[str, float | None]) -> tuple[str, ...]:
    averaged = [n for n in ("roc_auc", "average_precision") if values.get(n) is not None]
    if not averaged or shared.proba.shape[1] == 2:
        return ()
    here, classes = len(shared.present), shared.proba.shape[1]
    if here == classes:
        return ()
    return (f"{' and '.join(averaged)}: mean over the {here} of {classes} classes that the test part holds",)
