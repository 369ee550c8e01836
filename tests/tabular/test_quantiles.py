"""Normal scores: what they look like, and what ties, gaps and outliers do."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri
from scipy.stats import kstest

from bakeoff_tabular.quantiles import MAX_KNOTS, learn_normal_scores


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)[:, None]


def scores(block: np.ndarray) -> np.ndarray:
    return learn_normal_scores(block).transform(block)


def test_a_skewed_column_becomes_normal() -> None:
    block = np.exp(np.random.default_rng(0).normal(size=(5000, 1)) * 3)
    assert kstest(scores(block)[:, 0], "norm").statistic < 0.01


def test_ties_get_the_middle_of_their_ranks() -> None:
    out = scores(column(*[0.0] * 90, *[1.0] * 10))[:, 0]
    np.testing.assert_allclose(out[[0, -1]], ndtri([0.45, 0.95]))


def test_gaps_stay_gaps_and_do_not_count() -> None:
    out = scores(column(1.0, np.nan, 2.0))[:, 0]
    np.testing.assert_allclose(out[[0, 2]], ndtri([0.25, 0.75]))
    assert np.isnan(out[1])


def test_a_column_without_values_maps_to_zero() -> None:
    learned = learn_normal_scores(np.full((3, 1), np.nan))
    assert learned.transform(column(5.0, np.nan))[0, 0] == 0.0


def test_values_outside_the_training_range_get_the_outermost_score() -> None:
    learned = learn_normal_scores(column(1.0, 2.0, 3.0))
    out = learned.transform(column(-100.0, 1.0, 3.0, 100.0))[:, 0]
    assert out[0] == out[1]
    assert out[2] == out[3]


def test_knots_are_bounded_and_reach_both_ends() -> None:
    block = np.random.default_rng(1).normal(size=(20_000, 1))
    (knots,) = learn_normal_scores(block).knots
    assert len(knots) <= MAX_KNOTS
    assert (knots[0], knots[-1]) == (block.min(), block.max())


@given(st.lists(st.floats(-1e30, 1e30), min_size=1, max_size=50))
def test_scores_are_finite_and_keep_the_order(values: list[float]) -> None:
    out = scores(column(*values))[:, 0]
    assert np.isfinite(out).all()
    order = np.argsort(values)
    assert (np.diff(out[order]) >= 0).all()
