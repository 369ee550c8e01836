"""The arrays which the network reads."""

from __future__ import annotations

import numpy as np
import pandas as pd
import torch

from bakeoff_tabular.ft_transformer.preprocessing import Preprocessor


def nominal(values: list[object]) -> pd.Categorical:
    return pd.Categorical(np.array(values, dtype=object))


def test_columns_with_gaps_come_first_and_a_gap_is_a_marked_zero() -> None:
    p = Preprocessor()
    arrays = p.fit_transform(pd.DataFrame({"full": [1.0, 2.0, 3.0], "gaps": [5.0, np.nan, 9.0]}))
    assert (p.n_numeric, p.n_gappy) == (2, 1)
    assert arrays.gaps[:, 0].tolist() == [False, True, False]
    assert arrays.numbers[1].tolist() == [0.0, 0.0]
    assert arrays.numbers[0, 0] == -arrays.numbers[2, 0] < 0


def test_a_gap_that_training_did_not_have_is_the_median() -> None:
    p = Preprocessor()
    p.fit_transform(pd.DataFrame({"x": [1.0, 2.0, 3.0]}))
    arrays = p.transform(pd.DataFrame({"x": [np.nan, 2.0]}))
    assert arrays.gaps.shape == (2, 0)
    assert arrays.numbers[:, 0].tolist() == [0.0, 0.0]


def test_missing_and_unseen_levels_share_the_row_past_the_levels() -> None:
    p = Preprocessor()
    p.fit_transform(pd.DataFrame({"c": nominal(["a", "b", "a"])}))
    assert p.levels == (3,)
    later = p.transform(pd.DataFrame({"c": nominal(["b", "z", None])}))
    assert later.codes[:, 0].tolist() == [1, 2, 2]


def test_columns_in_one_state_are_left_out_but_not_a_constant_with_gaps() -> None:
    p = Preprocessor()
    p.fit_transform(
        pd.DataFrame(
            {
                "constant": [1.0, 1.0, 1.0],
                "empty": [np.nan] * 3,
                "flag": [1.0, np.nan, 1.0],
                "one": nominal(["a", "a", "a"]),
                "none": nominal([None, None, None]),
                "one or none": nominal(["a", None, "a"]),
            }
        )
    )
    assert (p.n_numeric, p.n_gappy) == (1, 1)
    assert p.levels == (2,)


def test_arrays_are_small_and_rows_are_typed_for_the_network() -> None:
    arrays = Preprocessor().fit_transform(pd.DataFrame({"x": [1.0, np.nan], "c": nominal(["a", "b"])}))
    assert (arrays.numbers.dtype, arrays.gaps.dtype, arrays.codes.dtype) == (
        torch.float32,
        torch.bool,
        torch.int32,
    )
    assert [part.dtype for part in arrays.rows(slice(0, 1))] == [torch.float32, torch.float32, torch.int64]
