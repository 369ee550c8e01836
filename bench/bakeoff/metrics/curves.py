"""From scores to the counts under the ROC and precision-recall curves: one sort serves both areas.

Rows with equal scores form one threshold, as in scikit-learn: their order never matters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bakeoff.metrics.base import Undefined


@dataclass(frozen=True, slots=True)
class Counts:
    """At each distinct score, from the highest: rows at or above it that are (`tps`) and are not (`fps`)
    of the positive class; int64, the last entries are the class totals."""

    fps: np.ndarray
    tps: np.ndarray


def counts(scores: np.ndarray, positive: np.ndarray) -> Counts:
    """Count at every distinct score. scores: (n,) finite floats, n >= 1; positive: (n,) bool."""
    order = np.argsort(scores)[::-1]
    ordered = scores[order]
    ends = np.append(np.flatnonzero(ordered[1:] != ordered[:-1]), len(ordered) - 1)
    tps = np.cumsum(positive[order], dtype=np.int64)[ends]
    return Counts(fps=ends + 1 - tps, tps=tps)


def roc_area(curve: Counts) -> float:
    """Area under the ROC curve by the trapezoidal rule: P(score of a positive > of a negative) + half the ties.

    Fawcett (2006), An introduction to ROC analysis. Undefined without rows of both classes.
    """
    fps, tps = curve.fps, curve.tps
    _both_classes(curve)
    # Twice the area in whole counts, so that nothing is rounded before the division.
    doubled = fps[0] * tps[0] + np.dot(fps[1:] - fps[:-1], tps[1:] + tps[:-1])
    return float(doubled / 2 / (float(fps[-1]) * float(tps[-1])))


def precision_area(curve: Counts) -> float:
    """Average precision: sum over thresholds of (R_i - R_{i-1}) P_i, without interpolation.

    Zhu (2004); scikit-learn's `average_precision_score`. Undefined without rows of both classes: it would be
    1 for every technique where there are positives only.
    """
    _both_classes(curve)
    precision = curve.tps / (curve.tps + curve.fps)
    gained = np.empty_like(curve.tps)
    gained[0] = curve.tps[0]
    np.subtract(curve.tps[1:], curve.tps[:-1], out=gained[1:])
    return float(np.dot(gained, precision) / curve.tps[-1])


def _both_classes(curve: Counts) -> None:
    if not curve.fps[-1] or not curve.tps[-1]:
        raise Undefined("the test part holds one class only")
