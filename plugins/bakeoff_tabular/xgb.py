"""XGBoost with native categories and missing values, at the library's own defaults (100 rounds, no early stopping).

The frame goes over as a matrix of codes with XGBoost's own type letters, so that no column name is refused
(it rejects `[`, `]` and `<`) and levels keep their meaning whatever version is installed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from xgboost import XGBClassifier, XGBRegressor

from bakeoff_tabular.learner import EncodedClassifier, EncodedRegressor
from bakeoff_tabular.ordinal import OrdinalMatrix


def xgboost_classifier(*, random_state: int = 0, **params: Any) -> EncodedClassifier:
    """`params` are handed on to XGBClassifier."""
    return EncodedClassifier(
        OrdinalMatrix(),
        lambda encoder, _y: XGBClassifier(**(_options(encoder, random_state) | params)),
        _rounds,
    )


def xgboost_regressor(*, random_state: int = 0, **params: Any) -> EncodedRegressor:
    """`params` are handed on to XGBRegressor."""
    return EncodedRegressor(
        OrdinalMatrix(),
        lambda encoder, _y: XGBRegressor(**(_options(encoder, random_state) | params)),
        _rounds,
        centred=True,
    )


def _options(encoder: OrdinalMatrix, random_state: int) -> dict[str, Any]:
    return {
        "tree_method": "hist",
        "enable_categorical": True,
        "feature_types": np.where(encoder.categorical, "c", "q").tolist(),
        "n_jobs": 1,
        "verbosity": 0,
        "random_state": random_state,
    }


def _rounds(model: Any) -> dict[str, float]:
    return {"n_iter": float(model.get_booster().num_boosted_rounds())}
