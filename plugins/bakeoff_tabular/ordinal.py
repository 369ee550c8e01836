"""A frame as a matrix for trees: numbers as they are, nominal columns as codes, NaN where there is no value."""

from __future__ import annotations

from typing import Any

import numpy as np

from bakeoff_tabular.columns import learn_columns


class OrdinalMatrix:
    """Numeric columns first, then the codes of nominal ones (0, 1, ... in the order of the categories).

    Missing values, levels not seen in training, and levels beyond the `max_levels` most frequent are NaN.
    Columns without any value in the training part are left out: trees have nothing to split there, and some
    libraries stumble over them. `categorical` is a mask of the matrix's columns.
    """

    def __init__(self, *, max_levels: int | None = None, dtype: type[np.floating[Any]] = np.float32) -> None:
        self.max_levels = max_levels
        self.dtype = dtype

    def fit_transform(self, X: Any) -> np.ndarray:
        """Learn from the training part and return its matrix."""
        self._columns = learn_columns(X, max_levels=self.max_levels)
        matrix = self._join(X)
        self._kept = np.flatnonzero(~np.isnan(matrix).all(axis=0))
        if len(self._kept) == 0:
            # A matrix without a column is refused by every library; one without a value is not.
            matrix = np.zeros((len(matrix), 1), dtype=self.dtype)
            self.categorical = np.zeros(1, dtype=bool)
            return matrix
        self.categorical = self._kept >= len(self._columns.numeric)
        return matrix[:, self._kept]

    def transform(self, X: Any) -> np.ndarray:
        """Return the matrix of a frame with the same columns."""
        matrix = self._join(X)
        return matrix[:, self._kept] if len(self._kept) else np.zeros((len(matrix), 1), dtype=self.dtype)

    def _join(self, X: Any) -> np.ndarray:
        codes = self._columns.codes(X).astype(self.dtype)
        codes[codes < 0] = np.nan
        return np.hstack([self._columns.numbers(X).astype(self.dtype), codes])
