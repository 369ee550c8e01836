"""scikit-learn's histogram gradient boosting with native categories and missing values.

Early stopping is scikit-learn's `auto`: an inner tenth of the rows, from 10,000 rows on.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from bakeoff_tabular.learner import EncodedClassifier, EncodedRegressor
from bakeoff_tabular.ordinal import OrdinalMatrix

#: scikit-learn has 255 bins a column; rarer levels than the first 254 count as missing.
MAX_LEVELS = 254


def hist_gbm_classifier(*, random_state: int = 0, **params: Any) -> EncodedClassifier:
    """scikit-learn's defaults; `params` are handed on."""

    def make(encoder: OrdinalMatrix, y: np.ndarray) -> Any:
        options: dict[str, Any] = {"random_state": random_state, "categorical_features": encoder.categorical}
        if np.bincount(y).min() < 2:
            # The inner part is stratified; with a class of one row scikit-learn would raise.
            options["early_stopping"] = False
        return HistGradientBoostingClassifier(**(options | params))

    return EncodedClassifier(OrdinalMatrix(max_levels=MAX_LEVELS, dtype=np.float64), make, _iterations)


def hist_gbm_regressor(*, random_state: int = 0, **params: Any) -> EncodedRegressor:
    """scikit-learn's defaults; `params` are handed on."""

    def make(encoder: OrdinalMatrix, _y: np.ndarray) -> Any:
        options = {"random_state": random_state, "categorical_features": encoder.categorical}
        return HistGradientBoostingRegressor(**(options | params))

    return EncodedRegressor(OrdinalMatrix(max_levels=MAX_LEVELS, dtype=np.float64), make, _iterations)


def _iterations(model: Any) -> dict[str, float]:
    return {"n_iter": float(model.n_iter_)}
