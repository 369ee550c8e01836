"""How a frame is read: levels of the training part, codes for what is missing or new, any column name."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bakeoff_tabular.columns import HUGE, MISSING, UNSEEN, learn_columns


def frame(**columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame({k: pd.Categorical(np.array(v, dtype=object)) for k, v in columns.items()})


def test_missing_and_unseen_levels_are_told_apart() -> None:
    columns = learn_columns(frame(c=["b", "a", None, "b"]))
    assert columns.codes(frame(c=["a", "b", "z", None]))[:, 0].tolist() == [0, 1, UNSEEN, MISSING]


def test_a_level_of_the_dtype_that_no_training_row_has_is_unseen() -> None:
    whole = frame(c=["a", "b", "c"])
    columns = learn_columns(whole.iloc[[0, 2]])
    assert columns.codes(whole)[:, 0].tolist() == [0, UNSEEN, 1]


def test_codes_depend_on_values_not_on_the_dtype_of_the_frame() -> None:
    columns = learn_columns(frame(c=["a", "b", "c"]))
    other = pd.DataFrame({"c": pd.Categorical(["c", "a"], categories=["c", "x", "a"])})
    assert columns.codes(other)[:, 0].tolist() == [2, 0]
    assert columns.codes(pd.DataFrame({"c": ["c", "a"]}))[:, 0].tolist() == [2, 0]


def test_only_the_most_frequent_levels_are_kept_in_the_order_of_the_categories() -> None:
    columns = learn_columns(frame(c=["d", "d", "a", "b", "b", "c"]), max_levels=2)
    assert columns.levels[0].tolist() == ["b", "d"]


def test_columns_go_by_position_so_equal_names_do_no_harm() -> None:
    twice = pd.concat([frame(c=["a", "b"]), frame(c=["x", "y"])], axis=1)
    assert learn_columns(twice).codes(twice).tolist() == [[0, 0], [1, 1]]


def test_an_array_is_a_frame_of_numbers() -> None:
    block = np.array([[1.0, np.nan], [2.0, 3.0]])
    np.testing.assert_array_equal(learn_columns(block).numbers(block), block)


def test_magnitudes_are_bounded() -> None:
    block = np.array([[1e300], [-1e300]])
    assert np.abs(learn_columns(block).numbers(block)).max() == HUGE


def test_another_number_of_columns_is_an_error_that_says_so() -> None:
    with pytest.raises(ValueError, match="fitted on 1 columns, asked to predict from 2"):
        learn_columns(frame(c=["a"])).codes(frame(c=["a"], d=["a"]))


values = st.lists(st.sampled_from(["a", "b", "ü", None]), min_size=1, max_size=30)


@given(values, values)
def test_a_code_stands_for_its_value(train: list[str | None], later: list[str | None]) -> None:
    columns = learn_columns(frame(c=train))
    for value, code in zip(later, columns.codes(frame(c=later))[:, 0], strict=True):
        if value is None:
            assert code == MISSING
        elif value in train:
            assert columns.levels[0][code] == value
        else:
            assert code == UNSEEN
