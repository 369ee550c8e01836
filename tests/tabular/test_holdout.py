"""The inner validation part."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bakeoff_tabular.holdout import split_rows


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=80),
    st.sampled_from([0.1, 0.15, 0.2, 0.5]),
    st.booleans(),
    st.integers(0, 9),
)
def test_every_row_has_one_place_and_every_class_is_learned(
    codes: list[int], fraction: float, stratified: bool, seed: int
) -> None:
    y = np.array(codes)
    learn, stop = split_rows(y if stratified else None, len(y), fraction, seed)
    assert len(learn)
    assert len(stop)
    if len(y) < 4:
        assert learn.tolist() == stop.tolist() == list(range(len(y)))
        return
    assert sorted([*learn, *stop]) == list(range(len(y)))
    assert (np.diff(learn) > 0).all()
    assert (np.diff(stop) > 0).all()
    if stratified and np.bincount(y).max() > 1:
        assert set(y[learn]) == set(y)


def test_classes_are_held_out_in_proportion() -> None:
    y = np.repeat([0, 1, 2], [700, 200, 100])
    _, stop = split_rows(y, 1000, 0.15, seed=0)
    np.testing.assert_allclose(np.bincount(y[stop]), [105, 30, 15], atol=1)


def test_the_share_is_kept_when_classes_are_many_and_small() -> None:
    y = np.repeat(np.arange(200), 4)
    _, stop = split_rows(y, 800, 0.1, seed=0)
    assert len(stop) == 80


def test_the_seed_decides() -> None:
    first, again, other = (split_rows(None, 50, 0.2, seed)[1].tolist() for seed in (1, 1, 2))
    assert first == again != other
