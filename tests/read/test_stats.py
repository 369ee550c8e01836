"""The little statistics against hand-computed examples, scipy and brute force."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bakeoff.read.stats.across import EXACT_UP_TO, datasets_needed, signed_rank
from bakeoff.read.stats.ranks import holm, midranks, rank_ranges
from bakeoff.read.stats.within import combined_se, corrected_se, corrected_t

FLOATS = st.floats(-1e3, 1e3, allow_nan=False).map(lambda x: round(x, 3))


def test_the_corrected_error_of_a_hand_computed_example() -> None:
    # mean .8, squared deviations .01 + 0 + .01, s^2 = .01; J = 3, n_test / n_train = 50 / 100
    assert corrected_se([0.7, 0.8, 0.9], 0.5) == pytest.approx(math.sqrt(0.01 * (1 / 3 + 0.5)))
    assert corrected_se([0.7, 0.8, 0.9], 0.5) == pytest.approx(0.0912870929)


def test_the_corrected_error_without_correction_is_the_usual_one() -> None:
    values = [0.2, 0.5, 0.9, 0.4]
    assert corrected_se(values, 0.0) == pytest.approx(stats.sem(values))


@pytest.mark.parametrize(("values", "ratio"), [([0.5], 0.25), ([], 0.25), ([0.5, 0.6], None)])
def test_the_corrected_error_is_none_where_nothing_is_known(values: list[float], ratio: float | None) -> None:
    assert corrected_se(values, ratio) is None
    assert corrected_t(values, ratio) == 1.0


def test_the_corrected_t_of_a_hand_computed_example() -> None:
    # d = .01 .02 .03 .04 .05: mean .03, s^2 = .00025, J = 5, ratio 1/4 -> se = sqrt(.00025 x .45), t = 2.8284
    p = corrected_t([0.01, 0.02, 0.03, 0.04, 0.05], 0.25)
    assert p == pytest.approx(2 * stats.t.sf(2.8284271, 4), rel=1e-6)
    assert p == pytest.approx(0.0474, abs=1e-4)


@given(st.lists(FLOATS, min_size=2, max_size=12))
def test_the_uncorrected_t_is_scipys(d: list[float]) -> None:
    if np.ptp(d) > 1e-6:
        assert corrected_t(d, 0.0) == pytest.approx(stats.ttest_1samp(d, 0).pvalue, rel=1e-6, abs=1e-12)


@given(st.lists(FLOATS, min_size=2, max_size=12), st.floats(0.01, 2))
def test_the_correction_only_makes_it_harder(d: list[float], ratio: float) -> None:
    assert corrected_t(d, ratio) >= corrected_t(d, 0.0) - 1e-12
    assert corrected_t(d, ratio) == pytest.approx(corrected_t([-x for x in d], ratio))


def test_equal_differences_are_judged_by_their_signs() -> None:
    assert corrected_t([0.1] * 5, 0.25) == 2.0**-4
    assert corrected_t([0.3 - 0.2, 0.1], 0.25) == 0.5  # equal but for float noise
    assert corrected_t([0.0] * 5, 0.25) == 1.0


def test_errors_combine_over_datasets() -> None:
    assert combined_se([0.03, 0.04]) == pytest.approx(0.025)
    assert combined_se([0.03, None]) is None
    assert combined_se([]) is None


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=20, unique=True), st.data())
def test_signed_rank_is_scipys_without_ties(sizes: list[int], data: st.DataObject) -> None:
    signs = data.draw(st.lists(st.sampled_from([-1, 1]), min_size=len(sizes), max_size=len(sizes)))
    d = [s * x for s, x in zip(signs, sizes, strict=True)]
    assert signed_rank(d) == pytest.approx(stats.wilcoxon(d, method="exact").pvalue)


@given(st.lists(st.integers(-4, 4), min_size=1, max_size=9))
def test_signed_rank_with_ties_and_zeros_is_the_count_over_all_sign_flips(d: list[int]) -> None:
    sizes = stats.rankdata([abs(x) for x in d if x])
    if not sizes.size:
        assert signed_rank(d) == 1.0
        return
    observed = sum(r for r, x in zip(sizes, (x for x in d if x), strict=True) if x > 0)
    smaller = min(observed, sizes.sum() - observed)
    flips = [
        sum(r for r, s in zip(sizes, f, strict=True) if s)
        for f in itertools.product((0, 1), repeat=sizes.size)
    ]
    assert signed_rank(d) == pytest.approx(min(1.0, 2 * np.mean([w <= smaller + 1e-9 for w in flips])))


def test_signed_rank_of_many_differences_meets_scipys_normal_approximation() -> None:
    d = np.random.default_rng(3).normal(0.08, 1, EXACT_UP_TO + 50)
    approximate = stats.wilcoxon(d, method="asymptotic", correction=False).pvalue
    assert signed_rank(d.tolist()) == pytest.approx(approximate, rel=1e-9)
    assert signed_rank(d[:EXACT_UP_TO].tolist()) == pytest.approx(
        stats.wilcoxon(d[:EXACT_UP_TO], method="asymptotic", correction=False).pvalue, rel=0.02
    )


@pytest.mark.parametrize(("techniques", "needed"), [(2, 6), (3, 7), (6, 10), (10, 11), (20, 13)])
def test_datasets_needed_are_the_simulated_ones(techniques: int, needed: int) -> None:
    pairs = techniques * (techniques - 1) // 2
    assert datasets_needed(pairs) == needed
    assert signed_rank([1.0 + i for i in range(needed)]) * pairs < 0.05
    assert signed_rank([1.0 + i for i in range(needed - 1)]) * pairs >= 0.05


@given(st.lists(st.integers(-5, 5), max_size=20))
def test_midranks_are_scipys(values: list[int]) -> None:
    assert midranks([float(v) for v in values]).tolist() == stats.rankdata(values).tolist()


def test_holm_of_a_hand_computed_example() -> None:
    # sorted .01 .02 .03 .04 times 4 3 2 1 = .04 .06 .06 .04, made monotone: .04 .06 .06 .06
    assert holm([0.03, 0.01, 0.04, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_never_helps_and_keeps_the_order(p: list[float]) -> None:
    adjusted = holm(p)
    assert (adjusted >= np.asarray(p) - 1e-15).all()
    assert (adjusted <= 1).all()
    order = np.argsort(p, kind="stable")
    assert (np.diff(adjusted[order]) >= 0).all()


def test_ranges_are_shared_unless_separated() -> None:
    effects = {(0, 1): 1.0, (0, 2): 1.0, (1, 2): 1.0}
    nothing = rank_ranges(lambda i, j: effects[i, j], lambda i, j: 0.5, 3)
    assert nothing == ((1, 3), (1, 3), (1, 3))
    # 0 is above 2; 1 cannot be told from either
    p = {(0, 1): 0.3, (0, 2): 0.001, (1, 2): 0.3}
    assert rank_ranges(lambda i, j: effects[i, j], lambda i, j: p[i, j], 3) == ((1, 2), (1, 3), (2, 3))
    everything = rank_ranges(lambda i, j: effects[i, j], lambda i, j: 1e-6, 3)
    assert everything == ((1, 1), (2, 2), (3, 3))
    # .03 is no longer enough once Holm has counted the three pairs
    assert rank_ranges(lambda i, j: 1.0, lambda i, j: 0.03, 3) == nothing


@given(st.lists(st.floats(-1, 1, allow_nan=False), min_size=2, max_size=6), st.floats(0, 0.1))
def test_a_range_holds_the_place_that_the_effects_give(scores: list[float], p: float) -> None:
    n = len(scores)
    ranges = rank_ranges(
        lambda i, j: scores[i] - scores[j], lambda i, j: p if scores[i] != scores[j] else 1.0, n
    )
    for i, (low, high) in enumerate(ranges):
        assert 1 <= low <= 1 + sum(s > scores[i] for s in scores)
        assert n - sum(s < scores[i] for s in scores) <= high <= n
