"""Our regression metrics against scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as oracle

from bakeoff.metrics.regression import bundle


def test_equals_scikit_learn_on_random_cases() -> None:
    rng = np.random.default_rng(0)
    for _ in range(500):
        n = int(rng.integers(2, 50))
        y = rng.normal(rng.normal() * 100, 10 ** rng.uniform(-3, 6), n)
        response = y + rng.normal(0, np.std(y) * rng.uniform(0, 2), n)
        found = bundle(y, response).values
        assert found["r2"] == pytest.approx(oracle.r2_score(y, response), rel=1e-9, abs=1e-9)
        assert found["rmse"] == pytest.approx(oracle.root_mean_squared_error(y, response), rel=1e-9)
        assert found["mae"] == pytest.approx(oracle.mean_absolute_error(y, response), rel=1e-9)


def test_perfect_predictions_reach_the_best_value() -> None:
    y = np.array([1.0, 2.0, 4.0])
    assert bundle(y, y).values == {"r2": 1.0, "rmse": 0.0, "mae": 0.0}


def test_the_test_mean_has_an_r2_of_zero() -> None:
    y = np.array([1.0, 2.0, 6.0])
    assert bundle(y, np.full(3, 3.0)).values["r2"] == 0.0


@pytest.mark.parametrize("value", [3.0, 0.1, 1e300])
def test_a_constant_target_in_the_test_part_is_none_with_a_note(value: float) -> None:
    found = bundle(np.full(7, value), np.full(7, value))
    assert found.values == {"r2": None, "rmse": 0.0, "mae": 0.0}
    assert found.notes == ("r2: the test part's target is constant",)


def test_one_row_has_no_r2() -> None:
    assert bundle(np.array([1.0]), np.array([2.0])).values == {"r2": None, "rmse": 1.0, "mae": 1.0}


def test_predictions_whose_square_overflows_are_none_never_infinite() -> None:
    found = bundle(np.array([0.0, 1.0]), np.array([1e200, -1e200]))
    assert found.values["rmse"] is None
    assert found.values["r2"] is None
    assert found.values["mae"] == pytest.approx(1e200)


def test_no_rows_are_none() -> None:
    assert set(bundle(np.array([]), np.array([])).values.values()) == {None}
