"""An encoder and a model made into one learner, as the harness wants it. No base class: parts are handed in.

Class codes with a gap (a training part may lack a class) are packed to 0..K'-1 for the model, and `classes_` says
which codes the columns of `predict_proba` stand for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np


class Encoder(Protocol):
    """Turns a frame into what a model reads."""

    def fit_transform(self, X: Any) -> Any:
        """Learn from the training part and return it encoded."""

    def transform(self, X: Any) -> Any:
        """Encode a later frame."""


#: Makes the unfitted model when the encoder is fitted and the target known.
Factory = Callable[[Any, np.ndarray], Any]
Diagnose = Callable[[Any], Mapping[str, float]]


def pack_classes(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the codes which occur, ascending, and y as positions in them. ValueError if there is only one."""
    classes, packed = np.unique(np.asarray(y), return_inverse=True)
    if len(classes) < 2:
        raise ValueError(f"the training part holds one class only ({classes.tolist()}); two are needed")
    return classes, packed


class EncodedRegressor:
    """`fit` and `predict` of a model behind an encoder.

    centred: train on the standardised target (for models with a fixed step size or start value).
    """

    def __init__(
        self,
        encoder: Encoder,
        factory: Factory,
        diagnose: Diagnose = lambda _: {},
        *,
        centred: bool = False,
    ) -> None:
        self._encoder, self._factory, self._diagnose, self._centred = encoder, factory, diagnose, centred

    def fit(self, X: Any, y: np.ndarray) -> EncodedRegressor:
        """Learn from n rows and n numbers."""
        target = np.asarray(y, dtype=np.float64)
        self._centre = float(target.mean()) if self._centred else 0.0
        self._scale = (float(target.std()) or 1.0) if self._centred else 1.0
        matrix, target = self._encoder.fit_transform(X), (target - self._centre) / self._scale
        self._model = self._factory(self._encoder, target).fit(matrix, target)
        self.diagnostics_ = dict(self._diagnose(self._model))
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Return float64 of shape (n,)."""
        raw = np.asarray(self._model.predict(self._encoder.transform(X)), dtype=np.float64)
        return raw * self._scale + self._centre


class EncodedClassifier:
    """`fit`, `predict` and `predict_proba` of a model behind an encoder."""

    def __init__(self, encoder: Encoder, factory: Factory, diagnose: Diagnose = lambda _: {}) -> None:
        self._encoder, self._factory, self._diagnose = encoder, factory, diagnose

    def fit(self, X: Any, y: np.ndarray) -> EncodedClassifier:
        """Learn from n rows and n class codes."""
        self.classes_, packed = pack_classes(y)
        matrix = self._encoder.fit_transform(X)
        self._model = self._factory(self._encoder, packed).fit(matrix, packed)
        self.diagnostics_ = dict(self._diagnose(self._model))
        return self

    def predict_proba(self, X: Any) -> np.ndarray:
        """Return (n, len(classes_)) float64, rows summing to 1."""
        raw = np.asarray(self._model.predict_proba(self._encoder.transform(X)), dtype=np.float64)
        proba: np.ndarray = raw / raw.sum(axis=1, keepdims=True)
        return proba

    def predict(self, X: Any) -> np.ndarray:
        """Return class codes of shape (n,): the most probable one, the first among equals."""
        codes: np.ndarray = self.classes_[self.predict_proba(X).argmax(axis=1)]
        return codes
