"""FT-Transformer as a classifier and a regressor with scikit-learn's interface.

Both hold a `_Fitted` network; they differ in the target and in what they make of the outputs. Nothing is tuned.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from scipy.special import softmax
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from torch import Tensor
from torch.nn import functional

from bakeoff_tabular.ft_transformer.model import FTTransformer
from bakeoff_tabular.ft_transformer.preprocessing import Preprocessor
from bakeoff_tabular.ft_transformer.settings import NETWORK, Settings, settings
from bakeoff_tabular.ft_transformer.training import History, isolated, outputs, train
from bakeoff_tabular.holdout import split_rows
from bakeoff_tabular.learner import pack_classes


@dataclass(frozen=True, slots=True)
class _Fitted:
    """A trained network with its way from frames to arrays."""

    preprocessor: Preprocessor
    network: FTTransformer
    history: History

    def outputs(self, X: Any) -> np.ndarray:
        """Raw outputs, float64 of shape (n, d_out)."""
        with isolated(0):
            raw = outputs(self.network, self.preprocessor.transform(X))
        return raw.numpy().astype(np.float64)

    def diagnostics(self) -> dict[str, float]:
        """Numbers about the training, for the record."""
        n_parameters = sum(p.numel() for p in self.network.parameters())
        return {
            "n_epochs": float(self.history.n_epochs),
            "best_epoch": float(self.history.best_epoch),
            "converged": float(self.history.converged),
            "validation_loss": self.history.best_loss,
            "n_parameters": float(n_parameters),
        }


def _fit(
    X: Any,
    target: Tensor,
    strata: np.ndarray | None,
    *,
    d_out: int,
    loss: Callable[[Tensor, Tensor], Tensor],
    seed: int,
    chosen: Settings,
) -> _Fitted:
    preprocessor = Preprocessor()
    data = preprocessor.fit_transform(X)
    learn, stop = split_rows(strata, len(data), chosen.validation_fraction, seed)
    with isolated(seed):
        network = FTTransformer(
            n_numeric=preprocessor.n_numeric,
            n_gappy=preprocessor.n_gappy,
            levels=preprocessor.levels,
            d_out=d_out,
            **{name: getattr(chosen, name) for name in NETWORK},
        )
        parts = torch.from_numpy(learn), torch.from_numpy(stop)
        history = train(network, data, target, parts, loss, chosen)
    return _Fitted(preprocessor, network, history)


class _Estimator(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """The parameters of both: a preset, and what replaces its values (None: nothing)."""

    def __init__(
        self,
        *,
        preset: str = "fast",
        d_token: int | None = None,
        n_blocks: int | None = None,
        n_heads: int | None = None,
        attention_dropout: float | None = None,
        ffn_dropout: float | None = None,
        ffn_factor: float | None = None,
        lr: float | None = None,
        weight_decay: float | None = None,
        weight_average: float | None = None,
        batch_size: int | None = None,
        max_epochs: int | None = None,
        patience: int | None = None,
        validation_fraction: float | None = None,
        random_state: int = 0,
    ) -> None:
        self.preset = preset
        self.d_token = d_token
        self.n_blocks = n_blocks
        self.n_heads = n_heads
        self.attention_dropout = attention_dropout
        self.ffn_dropout = ffn_dropout
        self.ffn_factor = ffn_factor
        self.lr = lr
        self.weight_decay = weight_decay
        self.weight_average = weight_average
        self.batch_size = batch_size
        self.max_epochs = max_epochs
        self.patience = patience
        self.validation_fraction = validation_fraction
        self.random_state = random_state

    def _settings(self) -> Settings:
        given = {k: v for k, v in self.get_params().items() if k not in ("preset", "random_state")}
        return settings(self.preset, {k: v for k, v in given.items() if v is not None})

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        return tags


class FTTransformerClassifier(ClassifierMixin, _Estimator):  # type: ignore[misc]  # scikit-learn has no types
    """FT-Transformer for two or more classes.

    X is a data frame (category columns nominal, NaN missing) or an array of numbers; y class codes of shape (n,).
    Two classes have one output and the logistic loss, more have one output each and cross-entropy.
    """

    def fit(self, X: Any, y: np.ndarray) -> FTTransformerClassifier:
        """Learn from the training part; sets `classes_` and `diagnostics_`."""
        chosen = self._settings()
        self.classes_, packed = pack_classes(y)
        binary = len(self.classes_) == 2
        self._fitted = _fit(
            X,
            torch.from_numpy(packed.astype(np.float32 if binary else np.int64)),
            packed,
            d_out=1 if binary else len(self.classes_),
            loss=_logistic_loss if binary else functional.cross_entropy,
            seed=self.random_state,
            chosen=chosen,
        )
        self.diagnostics_ = self._fitted.diagnostics()
        return self

    def predict_proba(self, X: Any) -> np.ndarray:
        """Return (n, len(classes_)) float64, rows summing to 1."""
        raw = self._fitted.outputs(X)
        # Two classes are a softmax over (0, output).
        logits = np.hstack([np.zeros_like(raw), raw]) if raw.shape[1] == 1 else raw
        proba: np.ndarray = softmax(logits, axis=1)
        return proba

    def predict(self, X: Any) -> np.ndarray:
        """Return class codes of shape (n,): the most probable one, the first among equals."""
        codes: np.ndarray = self.classes_[self.predict_proba(X).argmax(axis=1)]
        return codes


class FTTransformerRegressor(RegressorMixin, _Estimator):  # type: ignore[misc]  # scikit-learn has no types
    """FT-Transformer for a number, by squared error on the standardised target."""

    def fit(self, X: Any, y: np.ndarray) -> FTTransformerRegressor:
        """Learn from the training part; sets `diagnostics_` (the loss in it is of the standardised target)."""
        chosen = self._settings()
        target = np.asarray(y, dtype=np.float64)
        self._centre, self._scale = float(target.mean()), float(target.std()) or 1.0
        standardised = torch.from_numpy(((target - self._centre) / self._scale).astype(np.float32))
        self._fitted = _fit(
            X, standardised, None, d_out=1, loss=_squared_loss, seed=self.random_state, chosen=chosen
        )
        self.diagnostics_ = self._fitted.diagnostics()
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Return float64 of shape (n,)."""
        return self._fitted.outputs(X)[:, 0] * self._scale + self._centre


def _logistic_loss(raw: Tensor, target: Tensor) -> Tensor:
    return functional.binary_cross_entropy_with_logits(raw[:, 0], target)


def _squared_loss(raw: Tensor, target: Tensor) -> Tensor:
    return functional.mse_loss(raw[:, 0], target)
