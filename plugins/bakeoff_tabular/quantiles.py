"""Quantile normalisation: numbers to normal scores by their mid-ranks in the training part.

Unlike scikit-learn's QuantileTransformer, ties get the middle of their ranks instead of an end of them: a
column that is zero in nine rows of ten does not jump to -5.2, and no noise has to be added before fitting (as
the FT-Transformer paper's code does for that reason). Missing values stay missing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

#: Knots kept of a column; between them the map is linear.
MAX_KNOTS = 1000


@dataclass(frozen=True, slots=True)
class NormalScores:
    """One piecewise linear map per column: `knots[j]` ascending values, `scores[j]` what they become."""

    knots: tuple[np.ndarray, ...]
    scores: tuple[np.ndarray, ...]

    def transform(self, numbers: np.ndarray) -> np.ndarray:
        """Map (n, p) float64 to float64; values outside the training range get the outermost score."""
        out = np.empty_like(numbers)
        for j, (knots, scores) in enumerate(zip(self.knots, self.scores, strict=True)):
            column = numbers[:, j]
            out[:, j] = np.interp(column, knots, scores)
            out[np.isnan(column), j] = np.nan
        return out


def learn_normal_scores(numbers: np.ndarray) -> NormalScores:
    """Learn the map from the training part, shape (n, p), NaN where missing.

    A value's score is the normal quantile of (rows below + half the rows equal) / rows. A column without any
    value maps to 0.
    """
    pairs = [_knots(column[~np.isnan(column)]) for column in numbers.T]
    return NormalScores(tuple(k for k, _ in pairs), tuple(s for _, s in pairs))


def _knots(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if len(values) == 0:
        return np.zeros(1), np.zeros(1)
    knots, counts = np.unique(values, return_counts=True)
    scores = ndtri((np.cumsum(counts) - counts / 2) / len(values))
    if len(knots) > MAX_KNOTS:
        # Evenly spread over the rows, both ends included.
        wanted = np.linspace(0, len(values) - 1, MAX_KNOTS)
        chosen = np.unique(np.searchsorted(np.cumsum(counts) - 1, wanted))
        knots, scores = knots[chosen], scores[chosen]
    return knots, scores
