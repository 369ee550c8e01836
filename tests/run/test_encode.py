"""The plain encoding behind `Inputs.MATRIX`."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from bakeoff.run.encode import MatrixEncoder


def _frame(numbers, codes):
    nominal = pd.Categorical.from_codes(codes, categories=["a", "b", "c"])
    return pd.DataFrame({"n": np.asarray(numbers, dtype=float), "c": nominal})


def test_medians_and_levels_are_learned_on_the_training_part_alone():
    train, test = _frame([1, 3, np.nan, 9], [0, 1, 1, -1]), _frame([np.nan, 5], [2, 0])
    encoder = MatrixEncoder.fit(train)
    np.testing.assert_array_equal(encoder.transform(train), [[1, 1, 0], [3, 0, 1], [3, 0, 1], [9, 0, 0]])
    np.testing.assert_array_equal(encoder.transform(test), [[3, 0, 0], [5, 1, 0]])  # level c was not seen


def test_a_column_without_any_training_value_becomes_zeros():
    encoder = MatrixEncoder.fit(_frame([np.nan, np.nan], [0, 1]))
    np.testing.assert_array_equal(encoder.transform(_frame([7, np.nan], [0, 0]))[:, 0], [7, 0])


@given(st.lists(st.tuples(st.floats(-9, 9) | st.just(np.nan), st.integers(-1, 2)), min_size=1, max_size=20))
def test_the_result_is_finite_and_indicators_add_up_to_at_most_one(rows):
    frame = _frame([r[0] for r in rows], [r[1] for r in rows])
    X = MatrixEncoder.fit(frame).transform(frame)
    assert np.isfinite(X).all()
    np.testing.assert_array_equal(X[:, 1:].sum(axis=1), [float(r[1] >= 0) for r in rows])
