"""What a training frame's columns are, and how later frames are read in the same terms.

A frame's columns are addressed by position, so that no column name can be wrong for a library. Levels of
nominal columns are those the training part holds. Nothing is scaled or imputed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

#: Codes of what is no level: no value, and a value that the training part did not hold.
MISSING, UNSEEN = -1, -2

#: Magnitudes beyond this carry no more information, and their squares would overflow somewhere.
HUGE = 1e30


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of a training frame. `levels` holds, per nominal column, the values behind codes 0, 1, ..."""

    width: int
    numeric: tuple[int, ...]
    nominal: tuple[int, ...]
    levels: tuple[pd.Index, ...]

    def numbers(self, X: Any) -> np.ndarray:
        """Return the numeric columns as float64 of shape (n, len(numeric)), NaN where missing."""
        frame = self._checked(X)
        block = frame.iloc[:, list(self.numeric)].to_numpy(dtype=np.float64, na_value=np.nan)
        clipped: np.ndarray = np.clip(block, -HUGE, HUGE)
        return clipped

    def codes(self, X: Any) -> np.ndarray:
        """Return int64 codes of shape (n, len(nominal)), `MISSING` or `UNSEEN` where there is no level."""
        frame = self._checked(X)
        out = np.empty((len(frame), len(self.nominal)), dtype=np.int64)
        for j, (position, levels) in enumerate(zip(self.nominal, self.levels, strict=True)):
            values = _as_category(frame.iloc[:, position])
            known = levels.get_indexer(values.categories)
            # pandas' own code for a missing value is -1, which numpy reads as the last entry.
            table = np.append(np.where(known < 0, UNSEEN, known), MISSING)
            out[:, j] = table[values.codes]
        return out

    def _checked(self, X: Any) -> pd.DataFrame:
        frame = as_frame(X)
        if frame.shape[1] != self.width:
            raise ValueError(f"fitted on {self.width} columns, asked to predict from {frame.shape[1]}")
        return frame


def learn_columns(X: Any, *, max_levels: int | None = None) -> Columns:
    """Tell numeric from nominal columns and collect the levels which occur.

    Of a nominal column with more than `max_levels` levels the most frequent ones are kept (ties: in the
    order of the categories).
    """
    frame = as_frame(X)
    nominal = tuple(i for i, dtype in enumerate(frame.dtypes) if not is_numeric_dtype(dtype))
    numeric = tuple(i for i in range(frame.shape[1]) if i not in set(nominal))
    levels = tuple(_levels(_as_category(frame.iloc[:, i]), max_levels) for i in nominal)
    return Columns(frame.shape[1], numeric, nominal, levels)


def as_frame(X: Any) -> pd.DataFrame:
    """Return X itself if it is a data frame, else its columns as numeric ones."""
    return X if isinstance(X, pd.DataFrame) else pd.DataFrame(np.asarray(X, dtype=np.float64))


def _as_category(column: pd.Series) -> pd.Categorical:
    values = column.array
    return values if isinstance(values, pd.Categorical) else pd.Categorical(column.astype("object"))


def _levels(values: pd.Categorical, max_levels: int | None) -> pd.Index:
    counts = np.bincount(values.codes[values.codes >= 0], minlength=len(values.categories))
    seen = np.flatnonzero(counts)
    if max_levels is not None and len(seen) > max_levels:
        seen = np.sort(seen[np.argsort(-counts[seen], kind="stable")[:max_levels]])
    return values.categories[seen]
