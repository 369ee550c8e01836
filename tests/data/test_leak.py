"""EDA-01 and EDA-02 fire on what they are for, and on nothing else."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bakeoff.model.errors import Refusal
from bakeoff.run.data.leak import gives_away
from bakeoff.run.data.types import TableData

Open = Callable[..., TableData]

RNG = np.random.default_rng(3)
CLASSES = RNG.integers(0, 3, 60)
NUMBERS = RNG.normal(size=60).round(2)


def leaks(column: object, target: np.ndarray, *, nominal: bool) -> bool:
    return gives_away(pd.Series(column), target, nominal=nominal)


@pytest.mark.parametrize("constant", [["a"] * 6, [7] * 6, [7.5] * 6])
def test_a_constant_target_is_refused(own_table: Open, constant: list[object]) -> None:
    text = pd.DataFrame({"x": range(6), "y": constant}).to_csv(index=False)
    with pytest.raises(Refusal, match=r"EDA-01: the target 'y' of my.csv is constant: all 6 rows") as caught:
        own_table(text, "y")
    assert caught.value.code == "EDA-01"


def test_a_target_with_one_different_row_is_not_constant(own_table: Open) -> None:
    text = pd.DataFrame({"x": [1, 2, 2, 4, 5, 6], "y": ["a"] * 5 + ["b"]}).to_csv(index=False)
    assert own_table(text, "y").classes == ("a", "b")


def test_the_refusal_names_the_column_and_the_way_out(own_table: Open) -> None:
    text = pd.DataFrame({"x": range(60), "twin": CLASSES * 10, "y": CLASSES}).to_csv(index=False)
    with pytest.raises(Refusal, match=r"EDA-02: the column 'twin' of my.csv .* all 60 rows\. .*--drop twin"):
        own_table(text, "y")
    assert own_table(text, "y", drop=("twin",)).n_rows == 60


@pytest.mark.parametrize(
    ("column", "target", "nominal"),
    [
        (CLASSES * 2.5 - 1, CLASSES, True),
        (pd.Categorical(np.array(["z", "a", "m"])[CLASSES]), CLASSES, True),
        (np.where(CLASSES == 1, np.nan, CLASSES), CLASSES, True),
        (NUMBERS, NUMBERS, False),
        (-3 * NUMBERS + 1, NUMBERS, False),
        (np.exp(NUMBERS), NUMBERS, False),
        (pd.Categorical([f"grade {c}" for c in CLASSES]), CLASSES.astype(float), False),
    ],
    ids=["numbers", "names", "missing stands for a class", "equal", "affine", "monotone", "names of numbers"],
)
def test_a_relabelled_target_is_found(column: object, target: np.ndarray, nominal: bool) -> None:
    assert leaks(column, target, nominal=nominal)


@pytest.mark.parametrize(
    ("column", "target", "nominal"),
    [
        (np.where(np.arange(60) == 7, (CLASSES + 1) % 3, CLASSES), CLASSES, True),
        (np.minimum(CLASSES, 1), CLASSES, True),
        (np.arange(60.0), CLASSES, True),
        (np.arange(60.0), NUMBERS, False),
        (NUMBERS + RNG.normal(scale=0.1, size=60), NUMBERS, False),
        (NUMBERS**2, NUMBERS, False),
        (pd.Categorical([f"id {i}" for i in range(60)]), NUMBERS, False),
        (np.full(60, np.nan), NUMBERS, False),
        (np.full(60, 1.0), NUMBERS, False),
    ],
    ids=["one row off", "two classes one", "id", "id/r", "noise", "square", "text id", "empty", "constant"],
)
def test_a_strong_or_useless_column_is_no_leak(column: object, target: np.ndarray, nominal: bool) -> None:
    assert not leaks(column, target, nominal=nominal)


@given(st.lists(st.integers(0, 3), min_size=8, max_size=40), st.permutations(range(4)), st.data())
def test_any_relabelling_is_found_and_one_changed_row_is_not(
    codes: list[int], names: list[int], data: st.DataObject
) -> None:
    target = np.array(codes)
    if len(set(codes)) * 2 > len(codes) or min(np.bincount(codes)[list(set(codes))]) < 2:
        return
    column = np.array(names)[target].astype(float)
    assert leaks(column, target, nominal=True)
    row = data.draw(st.integers(0, len(codes) - 1))
    column[row] = 99.0
    assert not leaks(column, target, nominal=True)
