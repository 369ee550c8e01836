"""A frame as a matrix for linear models and perceptrons: imputed, flagged, scaled, one-hot.

All of it is learned on the training part. The matrix is dense for few one-hot columns and CSR for many, so that
a column of thousands of levels does not fill the memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from scipy import sparse

from bakeoff_tabular.columns import MISSING, learn_columns
from bakeoff_tabular.quantiles import learn_normal_scores

#: Above this number of one-hot columns the matrix is sparse.
MAX_DENSE = 256

Matrix: TypeAlias = np.ndarray | sparse.csr_matrix


class DesignMatrix:
    """Numeric columns: the median for a missing value, then zero mean and unit variance, and a 0/1 column "was
    missing" where the training part has missing ones. Nominal columns: a 0/1 column a level, one for missing
    where it occurs; a level not seen in training is all zeros.

    normal_scores: quantile-normalise numeric columns first.
    """

    def __init__(self, *, normal_scores: bool = False, dtype: type[np.floating[Any]] = np.float64) -> None:
        self.normal_scores = normal_scores
        self.dtype = dtype

    def fit_transform(self, X: Any) -> Matrix:
        """Learn from the training part and return its matrix, n rows."""
        self._columns = learn_columns(X)
        numbers, codes = self._columns.numbers(X), self._columns.codes(X)
        self._scores = learn_normal_scores(numbers) if self.normal_scores else None
        self._scaler = _learn_scaler(self._scores.transform(numbers) if self._scores else numbers)
        # A level's column is its code + 1; column 0 of each block is for missing values.
        self._kept = [
            np.unique(np.append(column[column == MISSING], np.arange(len(levels)))) + 1
            for column, levels in zip(codes.T, self._columns.levels, strict=True)
        ]
        return self.transform(X)

    def transform(self, X: Any) -> Matrix:
        """Return the matrix of a frame with the same columns."""
        numbers = self._columns.numbers(X)
        if self._scores is not None:
            numbers = self._scores.transform(numbers)
        left = self._scaler.transform(numbers).astype(self.dtype)
        right = _one_hot(self._columns.codes(X), self._kept, self.dtype)
        if right.shape[1] <= MAX_DENSE:
            return np.hstack([left, right.toarray()])
        joined: sparse.csr_matrix = sparse.hstack([sparse.csr_matrix(left), right], format="csr")
        return joined


@dataclass(frozen=True, slots=True)
class _Scaler:
    """Per numeric column: what fills a gap, centre and spread; `flagged` are the columns with gaps."""

    medians: np.ndarray
    means: np.ndarray
    deviations: np.ndarray
    flagged: np.ndarray

    def transform(self, numbers: np.ndarray) -> np.ndarray:
        missing = np.isnan(numbers)
        scaled = (np.where(missing, self.medians, numbers) - self.means) / self.deviations
        flags = missing[:, self.flagged].astype(np.float64)
        return np.hstack([scaled, flags])


def _learn_scaler(numbers: np.ndarray) -> _Scaler:
    missing = np.isnan(numbers)
    empty = missing.all(axis=0)
    medians = np.zeros(numbers.shape[1])
    medians[~empty] = np.nanmedian(numbers[:, ~empty], axis=0)
    filled = np.where(missing, medians, numbers)
    means, deviations = filled.mean(axis=0), filled.std(axis=0)
    # A constant column's deviation is rounding noise; dividing by infinity makes the column zero.
    constant = deviations <= 1e-12 * np.maximum(1.0, np.abs(means))
    flagged = np.flatnonzero(missing.any(axis=0) & ~empty)
    return _Scaler(medians, means, np.where(constant, np.inf, deviations), flagged)


def _one_hot(codes: np.ndarray, kept: list[np.ndarray], dtype: type[np.floating[Any]]) -> sparse.csr_matrix:
    """CSR of shape (n, sum of kept columns): a 1 where a code (+ 1) is among the kept columns of its block."""
    offset = 0
    rows, columns = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for column, wanted in zip(codes.T, kept, strict=True):
        hit = np.flatnonzero(np.isin(column + 1, wanted))
        rows.append(hit)
        columns.append(offset + np.searchsorted(wanted, column[hit] + 1))
        offset += len(wanted)
    at = np.concatenate(rows), np.concatenate(columns)
    return sparse.csr_matrix((np.ones(len(at[0]), dtype=dtype), at), shape=(len(codes), offset))
