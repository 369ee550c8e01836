"""Loaded data and splits, as the harness's own process holds them. Targets stay here: workers get training
targets by message and test targets never.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from bakeoff.model.card import Card
from bakeoff.model.words import DataKind

if TYPE_CHECKING:
    import pandas as pd
    from scipy.sparse import csr_matrix

IntArray = np.ndarray[tuple[int], np.dtype[np.int64]]
FloatArray = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class TableData:
    """A table whose inputs and target have been taken apart.

    frame: inputs only, n rows, RangeIndex; numeric columns float64 with NaN where missing, nominal ones
        `category` (string categories, sorted; missing stays missing).
    target: classification: int64 codes into `classes`; regression: float64 without NaN.
    classes: labels as strings, sorted; for two classes the positive one is last. Empty for regression.
    groups: int64 codes, rows of one group must stay on one side; time: float64, sortable. None where absent.
    fingerprint: content with roles (see `fingerprint.py`); the name is not part of it.
    notes: what loading did to the rows, for people ("dropped 3 rows without target").
    """

    name: str
    task: str
    card: Card
    fingerprint: str
    frame: pd.DataFrame
    target: np.ndarray
    classes: tuple[str, ...] = ()
    groups: IntArray | None = None
    time: FloatArray | None = None
    notes: tuple[str, ...] = ()
    kind: Literal[DataKind.TABLE] = field(default=DataKind.TABLE)

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.target)


@dataclass(frozen=True, slots=True)
class InteractionData:
    """Implicit feedback as parallel arrays of one event each, in file order.

    users, items: int64 codes 0..n-1; weights: float32, 1 where the card declares none;
    time: float64 seconds or None. user_ids, item_ids: the original ids as strings, by code.
    """

    name: str
    task: str
    card: Card
    fingerprint: str
    users: IntArray
    items: IntArray
    weights: np.ndarray
    user_ids: tuple[str, ...]
    item_ids: tuple[str, ...]
    time: FloatArray | None = None
    notes: tuple[str, ...] = ()
    kind: Literal[DataKind.INTERACTIONS] = field(default=DataKind.INTERACTIONS)

    @property
    def n_rows(self) -> int:
        """Number of events."""
        return len(self.users)


Data = TableData | InteractionData


@dataclass(frozen=True, slots=True)
class TableSplit:
    """Row numbers of one fold, ascending."""

    repeat: int
    fold: int
    train: IntArray
    test: IntArray


@dataclass(frozen=True, slots=True)
class InteractionSplit:
    """Training and held-out interactions of one split, both (n_users, n_items), float32, duplicates summed.

    `test` holds no pair that is in `train`: what is known already cannot be recommended.
    """

    repeat: int
    fold: int
    train: csr_matrix
    test: csr_matrix


Split = TableSplit | InteractionSplit
