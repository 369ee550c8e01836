"""The plain encoding behind `Inputs.MATRIX`: medians for missing numbers, one column a level for nominal ones.

It is part of the protocol, not a technique: learned on the training part, inside the measured fit, the same for
everybody. Unseen levels become zeros, as does a missing level; columns without any training value become zeros.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True, slots=True)
class MatrixEncoder:
    """Learned on the training part: medians by numeric column, kept level codes by nominal column."""

    numeric: tuple[str, ...]
    medians: np.ndarray
    nominal: tuple[tuple[str, np.ndarray], ...]

    @classmethod
    def fit(cls, frame: pd.DataFrame) -> MatrixEncoder:
        """Learn from a frame of float64 and `category` columns."""
        nominal = [c for c in frame.columns if isinstance(frame[c].dtype, pd.CategoricalDtype)]
        numeric = tuple(c for c in frame.columns if c not in set(nominal))
        return cls(numeric, _medians(frame[list(numeric)]), tuple((c, _levels(frame[c])) for c in nominal))

    def transform(self, frame: pd.DataFrame) -> np.ndarray:
        """Encode to float64 of shape (n, numeric columns + kept levels), C-contiguous, finite."""
        width = len(self.numeric) + sum(len(levels) for _, levels in self.nominal)
        out = np.zeros((len(frame), width))
        at = len(self.numeric)
        if at:
            block = frame[list(self.numeric)].to_numpy(dtype=np.float64)
            out[:, :at] = np.where(np.isnan(block), self.medians, block)
        for column, levels in self.nominal:
            codes = frame[column].cat.codes.to_numpy()
            out[:, at : at + len(levels)] = codes[:, None] == levels[None, :]
            at += len(levels)
        return out


def _medians(frame: pd.DataFrame) -> np.ndarray:
    block = frame.to_numpy(dtype=np.float64)
    empty = np.isnan(block).all(axis=0) if len(block) else np.ones(block.shape[1], dtype=bool)
    medians = np.zeros(block.shape[1])
    if not empty.all():
        medians[~empty] = np.nanmedian(block[:, ~empty], axis=0)
    return medians


def _levels(column: pd.Series) -> np.ndarray:
    codes = np.unique(column.cat.codes.to_numpy())
    return codes[codes >= 0]
