"""The dummies which every table of results needs: what is to be had without looking at the inputs."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.dummy import DummyClassifier, DummyRegressor

from bakeoff_tabular.learner import EncodedClassifier, EncodedRegressor


class _NoInputs:
    """Encodes any frame as one column of zeros, so that nothing in it can matter."""

    def fit_transform(self, X: Any) -> np.ndarray:
        return self.transform(X)

    def transform(self, X: Any) -> np.ndarray:
        return np.zeros((len(X), 1))


def prior_classifier() -> EncodedClassifier:
    """Class shares of the training part, for every row."""
    return EncodedClassifier(_NoInputs(), lambda _encoder, _y: DummyClassifier(strategy="prior"))


def prior_regressor() -> EncodedRegressor:
    """The training part's mean, for every row."""
    return EncodedRegressor(_NoInputs(), lambda _encoder, _y: DummyRegressor(strategy="mean"))
