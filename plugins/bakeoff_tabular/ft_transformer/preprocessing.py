"""A frame as the arrays the network reads. Everything is learned on the training part.

Numbers become normal scores (see `quantiles.py`); a missing one is 0, the median, and marked as a gap where the
training part has gaps in that column. Nominal columns become codes; code K, one past the levels, is for missing
values and unseen levels alike. Columns that say nothing in the training part (one state only) are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from bakeoff_tabular.columns import learn_columns
from bakeoff_tabular.quantiles import learn_normal_scores


@dataclass(frozen=True, slots=True)
class Arrays:
    """numbers: (n, p) float32; gaps: (n, m) bool, of the first m numeric columns; codes: (n, q) int32."""

    numbers: Tensor
    gaps: Tensor
    codes: Tensor

    def __len__(self) -> int:
        return len(self.numbers)

    def rows(self, index: Tensor | slice) -> tuple[Tensor, Tensor, Tensor]:
        """Some rows, typed as the network takes them."""
        return self.numbers[index], self.gaps[index].to(torch.float32), self.codes[index].to(torch.int64)

    def take(self, index: Tensor) -> Arrays:
        """Some rows, as they are."""
        return Arrays(self.numbers[index], self.gaps[index], self.codes[index])


class Preprocessor:
    """Learns on the training frame, then turns frames into `Arrays`.

    After `fit`: n_numeric (p), n_gappy (m), levels (rows of each nominal column's table, K + 1 each).
    """

    def fit_transform(self, X: Any) -> Arrays:
        """Learn from the training part and return its arrays."""
        self._columns = learn_columns(X)
        numbers, codes = self._columns.numbers(X), self._columns.codes(X)
        self._scores = learn_normal_scores(numbers)
        missing = np.isnan(numbers)
        gappy = missing.any(axis=0)
        informative = (_n_values(numbers) + gappy) > 1
        # Columns with gaps come first: the tokeniser counts on it.
        self._order = np.concatenate(
            [np.flatnonzero(informative & gappy), np.flatnonzero(informative & ~gappy)]
        )
        self.n_numeric, self.n_gappy = len(self._order), int((informative & gappy).sum())
        sizes = np.array([len(levels) for levels in self._columns.levels], dtype=np.int64)
        self._nominal = np.flatnonzero(sizes + (codes < 0).any(axis=0) > 1)
        self._unknown = sizes[self._nominal]
        self.levels = tuple(int(size) + 1 for size in self._unknown)
        return self.transform(X)

    def transform(self, X: Any) -> Arrays:
        """Return the arrays of a frame with the same columns."""
        numbers = self._scores.transform(self._columns.numbers(X))[:, self._order]
        missing = np.isnan(numbers)
        codes = self._columns.codes(X)[:, self._nominal]
        return Arrays(
            torch.from_numpy(np.where(missing, 0.0, numbers).astype(np.float32)),
            torch.from_numpy(np.ascontiguousarray(missing[:, : self.n_gappy])),
            torch.from_numpy(np.where(codes < 0, self._unknown, codes).astype(np.int32)),
        )


def _n_values(numbers: np.ndarray) -> np.ndarray:
    """0, 1 or 2 for no value, one value, more than one, per column."""
    seen = ~np.isnan(numbers)
    lowest = np.min(numbers, axis=0, where=seen, initial=np.inf)
    highest = np.max(numbers, axis=0, where=seen, initial=-np.inf)
    counts: np.ndarray = seen.any(axis=0).astype(np.int64) + (highest > lowest)
    return counts
