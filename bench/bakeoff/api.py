"""Everything a plugin may import, and nothing else.

A plugin is a light *manifest* module (registered under the entry-point group `bakeoff`) whose hooks return
the dataclasses below, and *implementation* modules named there by strings. No base class is needed:

- tables: `fit(X, y)`, `predict(X)`, and for classification `predict_proba(X)` with `classes_` if fitted on
  fewer classes than there are. `y` holds class codes 0..K-1 (classification) or floats (regression);
- recommenders: `fit(interactions)` on a scipy CSR matrix (users x items, float32), then either
  `score_items(users) -> (len(users), n_items)` (the harness masks seen items and breaks ties stably), or
  `recommend(users, k) -> (len(users), k)` integer item ids, best first, -1 where there are no more.

After `fit` a learner may carry `diagnostics_`, a dict of name to number (`n_iter`, `best_epoch`, ...);
`converged` = 0 puts the flag "did not converge" on its rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import pluggy

from bakeoff.model.errors import BakeoffError, DatasetError, DatasetUnavailable, Refusal
from bakeoff.model.specs import Dataset, Engine, Metric, Reporter, Spec, Step, Suite, Task, Technique, Value
from bakeoff.model.words import DataKind, Inputs

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_matrix

#: The number a manifest must state as `BAKEOFF_API`. It rises when an older plugin would break.
API_VERSION = 1

hookimpl = pluggy.HookimplMarker("bakeoff")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRequest:
    """What a dataset loader is handed.

    name: the dataset's registered name. card: the parsed card (plain TOML tables).
    cache: a folder of the user's cache that belongs to this dataset's plugin; it exists and is writable.
    """

    name: str
    card: Mapping[str, Any]
    cache: Path


@runtime_checkable
class TableLearner(Protocol):
    """scikit-learn's interface; `predict_proba` is wanted for classification."""

    def fit(self, X: Any, y: np.ndarray) -> Any:
        """Learn from the training part: X as `Technique.inputs` says, y of shape (n,)."""

    def predict(self, X: Any) -> np.ndarray:
        """Return class codes or numbers of shape (n,)."""


@runtime_checkable
class Recommender(Protocol):
    """A learner on implicit feedback."""

    def fit(self, interactions: csr_matrix) -> Any:
        """Learn from the training interactions, shape (n_users, n_items), float32 weights."""

    def recommend(self, users: np.ndarray, k: int) -> np.ndarray:
        """Return unseen item ids of shape (len(users), k), best first, -1 where there are no more."""


__all__ = [
    "API_VERSION",
    "BakeoffError",
    "DataKind",
    "Dataset",
    "DatasetError",
    "DatasetUnavailable",
    "Engine",
    "Inputs",
    "LoadRequest",
    "Metric",
    "Recommender",
    "Refusal",
    "Reporter",
    "Spec",
    "Step",
    "Suite",
    "TableLearner",
    "Task",
    "Technique",
    "Value",
    "hookimpl",
]
