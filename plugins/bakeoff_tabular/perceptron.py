"""scikit-learn's multi-layer perceptron on normal scores and one-hot columns.

Two hidden layers of 128, Adam at 1e-3, float32. Early stopping on an inner tenth of the training part (accuracy or
R2, ten epochs of patience, best weights kept) where there are rows enough to make one; else until the loss stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.neural_network import MLPClassifier, MLPRegressor

from bakeoff_tabular.design import DesignMatrix
from bakeoff_tabular.learner import EncodedClassifier, EncodedRegressor

VALIDATION = 0.1
#: Fewer rows than this make a validation part of one row, on which R2 is not defined.
MIN_ROWS = 20


def mlp_classifier(
    *, hidden: Sequence[int] = (128, 128), max_iter: int = 200, random_state: int = 0, **params: Any
) -> EncodedClassifier:
    """`params` are handed on to MLPClassifier."""

    def make(_encoder: DesignMatrix, y: np.ndarray) -> Any:
        counts = np.bincount(y)
        # scikit-learn stratifies the inner part: every class needs a row on both sides.
        feasible = counts.min() >= 2 and len(y) >= MIN_ROWS and VALIDATION * len(y) >= len(counts)
        return MLPClassifier(**(_options(hidden, max_iter, random_state, feasible) | params))

    return EncodedClassifier(_design(), make, lambda model: _epochs(model, max_iter))


def mlp_regressor(
    *, hidden: Sequence[int] = (128, 128), max_iter: int = 200, random_state: int = 0, **params: Any
) -> EncodedRegressor:
    """`params` are handed on to MLPRegressor; the target is standardised."""

    def make(_encoder: DesignMatrix, y: np.ndarray) -> Any:
        return MLPRegressor(**(_options(hidden, max_iter, random_state, len(y) >= MIN_ROWS) | params))

    return EncodedRegressor(_design(), make, lambda model: _epochs(model, max_iter), centred=True)


def _design() -> DesignMatrix:
    return DesignMatrix(normal_scores=True, dtype=np.float32)


def _options(hidden: Sequence[int], max_iter: int, random_state: int, feasible: bool) -> dict[str, Any]:
    return {
        "hidden_layer_sizes": tuple(hidden),
        "max_iter": max_iter,
        "early_stopping": bool(feasible),
        "validation_fraction": VALIDATION,
        "random_state": random_state,
    }


def _epochs(model: Any, max_iter: int) -> dict[str, float]:
    return {"n_epochs": float(model.n_iter_), "converged": float(model.n_iter_ < max_iter)}
