"""Random forests on ordinal codes, with scikit-learn's own handling of missing values.

Nominal columns are codes in the order of their categories: scikit-learn's trees know no unordered splits.
"""

from __future__ import annotations

from typing import Any

from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

from bakeoff_tabular.learner import EncodedClassifier, EncodedRegressor
from bakeoff_tabular.ordinal import OrdinalMatrix


def forest_classifier(*, n_estimators: int = 200, random_state: int = 0, **params: Any) -> EncodedClassifier:
    """scikit-learn's defaults but for the number of trees; `params` are handed on."""
    return EncodedClassifier(
        OrdinalMatrix(),
        lambda _encoder, _y: RandomForestClassifier(
            n_estimators=n_estimators, random_state=random_state, n_jobs=1, **params
        ),
    )


def forest_regressor(*, n_estimators: int = 200, random_state: int = 0, **params: Any) -> EncodedRegressor:
    """scikit-learn's defaults but for the number of trees; `params` are handed on."""
    return EncodedRegressor(
        OrdinalMatrix(),
        lambda _encoder, _y: RandomForestRegressor(
            n_estimators=n_estimators, random_state=random_state, n_jobs=1, **params
        ),
    )
