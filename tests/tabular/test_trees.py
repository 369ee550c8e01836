"""What the tree techniques make of nominal columns and rare classes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bakeoff_tabular.hist_gbm import MAX_LEVELS, hist_gbm_classifier, hist_gbm_regressor
from bakeoff_tabular.ordinal import OrdinalMatrix
from bakeoff_tabular.xgb import xgboost_regressor


def test_levels_are_codes_and_what_is_none_is_nan() -> None:
    matrix = OrdinalMatrix()
    frame = pd.DataFrame({"c": pd.Categorical(["b", "a", None]), "empty": np.nan, "x": [1.0, np.nan, 3.0]})
    np.testing.assert_array_equal(matrix.fit_transform(frame), [[1, 1], [np.nan, 0], [3, np.nan]])
    assert matrix.categorical.tolist() == [False, True]
    later = pd.DataFrame({"c": pd.Categorical(["z"]), "empty": 1.0, "x": [2.0]})
    np.testing.assert_array_equal(matrix.transform(later), [[2, np.nan]])


@pytest.mark.parametrize("make", [hist_gbm_regressor, xgboost_regressor])
def test_levels_are_not_taken_for_an_order(make) -> None:
    """Every second level is high: an ordered split would need one cut a level, a set split one altogether."""
    levels = [f"{i:02d}" for i in range(40)]
    frame = pd.DataFrame({"c": pd.Categorical(levels * 50)})
    y = np.tile(np.arange(40) % 2, 50).astype(float)
    shallow = {"max_depth": 1, "learning_rate": 1.0}
    rounds = {"max_iter": 1} if make is hist_gbm_regressor else {"n_estimators": 1, "reg_lambda": 0.0}
    learner = make(**shallow, **rounds).fit(frame, y)
    np.testing.assert_allclose(learner.predict(frame), y, atol=0.05)


def test_more_levels_than_bins_are_the_most_frequent_ones_and_the_rest() -> None:
    many = [f"id{i:03d}" for i in range(400)]
    frame = pd.DataFrame({"c": pd.Categorical([*many, *many[:MAX_LEVELS]])})
    matrix = OrdinalMatrix(max_levels=MAX_LEVELS)
    codes = matrix.fit_transform(frame)[:, 0]
    assert np.nanmax(codes) == MAX_LEVELS - 1
    assert np.isnan(codes[MAX_LEVELS:400]).all()


def test_early_stopping_copes_with_a_class_of_one_row() -> None:
    X = np.random.default_rng(0).normal(size=(10_500, 1))
    y = (X[:, 0] > 0).astype(int)
    y[5] = 2
    learner = hist_gbm_classifier(max_iter=3).fit(X, y)
    assert learner.predict_proba(X).shape == (10_500, 3)
