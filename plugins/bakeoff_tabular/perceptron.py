"""scikit-learn's multi-layer perceptron on normal scores and one-hot columns.

Two hidden layers of 128, Adam at 1e-3, float32, about thirty steps an epoch. Stopping is our own, by the loss on an
inner tenth of the training part: scikit-learn's judges by accuracy or R2, and refuses a class of one row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

import numpy as np
from sklearn.neural_network import MLPClassifier, MLPRegressor

from bakeoff_tabular.design import DesignMatrix
from bakeoff_tabular.holdout import split_rows
from bakeoff_tabular.learner import EncodedClassifier, EncodedRegressor

VALIDATION = 0.1
SMALLEST = float(np.finfo(np.float32).tiny)


class StoppedPerceptron:
    """Trains a model epoch by epoch and keeps the weights with the lowest loss on the rows held out.

    judge: (model, X, y) to a loss. strata: y holds class codes, and all of them are to be learned from.
    """

    def __init__(
        self,
        model: Any,
        judge: Callable[[Any, Any, np.ndarray], float],
        *,
        strata: bool,
        max_epochs: int,
        patience: int,
        seed: int,
    ) -> None:
        self.model, self.judge, self.strata = model, judge, strata
        self.max_epochs, self.patience, self.seed = max_epochs, patience, seed

    def fit(self, X: Any, y: np.ndarray) -> StoppedPerceptron:
        """Learn from n encoded rows; sets n_epochs and best_epoch."""
        learn, stop = split_rows(y if self.strata else None, len(y), VALIDATION, self.seed)
        train, held = (X[learn], y[learn]), (X[stop], y[stop])
        best: tuple[list[np.ndarray], list[np.ndarray]] = [], []
        best_loss, self.best_epoch = float("inf"), 0
        classes = {"classes": np.unique(y)} if self.strata else {}
        for epoch in range(1, self.max_epochs + 1):
            self.model.partial_fit(*train, **classes)
            loss = self.judge(self.model, *held)
            if loss < best_loss:
                best_loss, self.best_epoch = loss, epoch
                best = deepcopy((self.model.coefs_, self.model.intercepts_))
            if epoch - self.best_epoch >= self.patience:
                break
        self.n_epochs = epoch
        self.model.coefs_, self.model.intercepts_ = best
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Return the model's predictions, (n,)."""
        return np.asarray(self.model.predict(X))

    def predict_proba(self, X: Any) -> np.ndarray:
        """Return the model's probabilities, (n, K)."""
        return np.asarray(self.model.predict_proba(X))

    def diagnostics(self) -> dict[str, float]:
        """Return numbers about the training, for the record."""
        return {
            "n_epochs": float(self.n_epochs),
            "best_epoch": float(self.best_epoch),
            "converged": float(self.n_epochs - self.best_epoch >= self.patience),
        }


def mlp_classifier(
    *, hidden: Sequence[int] = (128, 128), max_epochs: int = 200, patience: int = 16, random_state: int = 0
) -> EncodedClassifier:
    """Perceptron with a softmax output, trained and stopped by log-loss."""

    def make(_encoder: DesignMatrix, y: np.ndarray) -> StoppedPerceptron:
        model = MLPClassifier(
            hidden_layer_sizes=tuple(hidden), batch_size=_rows_a_step(len(y)), random_state=random_state
        )
        return StoppedPerceptron(
            model, _log_loss, strata=True, max_epochs=max_epochs, patience=patience, seed=random_state
        )

    return EncodedClassifier(_design(), make, StoppedPerceptron.diagnostics)


def mlp_regressor(
    *, hidden: Sequence[int] = (128, 128), max_epochs: int = 200, patience: int = 16, random_state: int = 0
) -> EncodedRegressor:
    """Perceptron with one output, trained and stopped by squared error on the standardised target."""

    def make(_encoder: DesignMatrix, y: np.ndarray) -> StoppedPerceptron:
        model = MLPRegressor(
            hidden_layer_sizes=tuple(hidden), batch_size=_rows_a_step(len(y)), random_state=random_state
        )
        return StoppedPerceptron(
            model, _squared_error, strata=False, max_epochs=max_epochs, patience=patience, seed=random_state
        )

    return EncodedRegressor(_design(), make, StoppedPerceptron.diagnostics, centred=True)


def _design() -> DesignMatrix:
    return DesignMatrix(normal_scores=True, dtype=np.float32)


def _rows_a_step(n_rows: int) -> int:
    """Never more than are left to learn from: scikit-learn warns when it has to clip."""
    learning = n_rows if n_rows < 4 else n_rows - max(1, round(VALIDATION * n_rows))
    return max(1, min(learning, 256, max(16, n_rows // 32)))


def _log_loss(model: Any, X: Any, y: np.ndarray) -> float:
    proba = np.asarray(model.predict_proba(X), dtype=np.float64)
    return float(-np.log(np.maximum(proba[np.arange(len(y)), y], SMALLEST)).mean())


def _squared_error(model: Any, X: Any, y: np.ndarray) -> float:
    return float(np.mean((np.asarray(model.predict(X), dtype=np.float64) - y) ** 2))
