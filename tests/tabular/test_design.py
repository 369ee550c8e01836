"""The design matrix of linear models and perceptrons."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from bakeoff_tabular.design import MAX_DENSE, DesignMatrix


def nominal(values: list[object]) -> pd.Categorical:
    return pd.Categorical(np.array(values, dtype=object))


def test_numbers_are_imputed_flagged_and_scaled_by_the_training_part() -> None:
    design = DesignMatrix()
    design.fit_transform(pd.DataFrame({"x": [0.0, 2.0, 4.0, np.nan], "y": [1.0, 2.0, 3.0, 4.0]}))
    later = design.transform(pd.DataFrame({"x": [np.nan, 4.0], "y": [2.5, np.nan]}))
    # x: median 2, deviation sqrt(2); y: mean and median 2.5. One flag, for x, which had a gap in training.
    np.testing.assert_allclose(later, [[0.0, 0.0, 1.0], [np.sqrt(2), 0.0, 0.0]])


def test_levels_have_columns_missing_has_one_where_it_occurs_and_unseen_is_zero() -> None:
    design = DesignMatrix()
    design.fit_transform(pd.DataFrame({"gaps": nominal(["a", "b", None]), "full": nominal(["u", "v", "v"])}))
    later = design.transform(
        pd.DataFrame({"gaps": nominal([None, "b", "z"]), "full": nominal(["v", "z", None])})
    )
    assert later.tolist() == [[1, 0, 0, 0, 1], [0, 0, 1, 0, 0], [0, 0, 0, 0, 0]]


@pytest.mark.parametrize("value", [0.1, 1e20, -3.0])
def test_a_constant_column_is_zero_even_if_it_changes_later(value: float) -> None:
    design = DesignMatrix()
    assert not design.fit_transform(np.full((7, 1), value)).any()
    assert not design.transform(np.full((1, 1), value + 5)).any()


def test_a_column_without_training_values_is_zero() -> None:
    design = DesignMatrix()
    assert not design.fit_transform(np.full((3, 1), np.nan)).any()
    assert not design.transform(np.array([[7.0]])).any()


def test_many_levels_make_a_sparse_matrix_with_the_same_numbers() -> None:
    n = MAX_DENSE + 10
    frame = pd.DataFrame({"x": np.arange(n, dtype=float), "id": nominal([f"v{i:04d}" for i in range(n)])})
    matrix = DesignMatrix().fit_transform(frame)
    assert sparse.issparse(matrix)
    np.testing.assert_array_equal(matrix[:, 1:].toarray(), np.eye(n))
    np.testing.assert_allclose(matrix[:, [0]].toarray(), DesignMatrix().fit_transform(frame[["x"]]))


def test_normal_scores_do_not_see_an_outlier() -> None:
    values = np.append(np.linspace(0, 1, 99), 1e12)[:, None]
    assert np.abs(DesignMatrix(normal_scores=True).fit_transform(values)).max() < 4
    assert np.abs(DesignMatrix().fit_transform(values)).max() > 9
