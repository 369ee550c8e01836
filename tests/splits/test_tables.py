"""Splits of tables: what holds for every fold of every policy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from bakeoff.model.errors import Refusal
from bakeoff.run.data.splits import Draw, forward_folds, holdout, kfold, nested_subset, stratified_kfold, tail

SEEDS = st.integers(-5, 2**40)


def codes_of(counts: list[int], seed: int) -> np.ndarray:
    y = np.repeat(np.arange(len(counts)), counts)
    return np.random.default_rng(seed).permutation(y)


def assert_partition(folds: list[tuple[np.ndarray, np.ndarray]], n: int) -> None:
    """Every row is tested once, and trained on wherever it is not tested."""
    assert sorted(np.concatenate([test for _, test in folds])) == list(range(n))
    for train, test in folds:
        assert sorted(np.concatenate([train, test])) == list(range(n))
        assert (np.diff(train) > 0).all()
        assert (np.diff(test) > 0).all()


@given(counts=st.lists(st.integers(5, 40), min_size=1, max_size=6), folds=st.integers(2, 5), seed=SEEDS)
def test_stratified_folds_are_a_partition_balanced_within_one(
    counts: list[int], folds: int, seed: int
) -> None:
    y = codes_of(counts, 0)
    made = [stratified_kfold(y, folds, Draw(seed, 1, f)) for f in range(folds)]
    assert_partition(made, len(y))
    assert np.ptp([len(test) for _, test in made]) <= 1
    per_class = np.array([np.bincount(y[test], minlength=len(counts)) for _, test in made])
    assert (np.ptp(per_class, axis=0) <= 1).all()


@given(n=st.integers(5, 200), folds=st.integers(2, 5), seed=SEEDS)
def test_folds_are_a_partition_balanced_within_one(n: int, folds: int, seed: int) -> None:
    made = [kfold(n, folds, Draw(seed, 0, f)) for f in range(folds)]
    assert_partition(made, n)
    assert np.ptp([len(test) for _, test in made]) <= 1


@given(
    counts=st.lists(st.integers(4, 50), min_size=1, max_size=5),
    test=st.floats(0.05, 0.5),
    validation=st.sampled_from([0.0, 0.1, 0.16]),
    seed=SEEDS,
)
def test_holdout_has_the_shares_asked_for_in_every_class(
    counts: list[int], test: float, validation: float, seed: int
) -> None:
    y = codes_of(counts, 1)
    n = len(y)
    if int(np.floor(n * test + 0.5)) == 0:
        return
    train, held = holdout(n, test, Draw(seed), validation=validation, y=y)
    assert not np.intersect1d(train, held).size
    assert len(held) == int(np.floor(n * test + 0.5))
    assert abs(n - len(train) - len(held) - n * validation) <= 1
    per_class = np.bincount(y[held], minlength=len(counts))
    assert (np.abs(per_class - np.array(counts) * test) < 1 + 1e-9).all()


def test_holdout_64_16_20_leaves_the_validation_rows_out_of_both_sides() -> None:
    train, held = holdout(1000, 0.2, Draw(), validation=0.16)
    assert (len(train), len(held)) == (640, 200)


@pytest.mark.parametrize("seed", range(5))
def test_seed_repeat_and_fold_change_the_split_and_nothing_else_does(seed: int) -> None:
    y = codes_of([60, 40], 0)

    def tested(s: int, r: int) -> list[int]:
        return stratified_kfold(y, 5, Draw(s, r, 0))[1].tolist()

    assert tested(seed, 0) == tested(seed, 0)
    assert tested(seed, 0) != tested(seed, 1)
    assert tested(seed, 0) != tested(seed + 1, 0)
    named = stratified_kfold(y, 5, Draw(seed, 0, 0, "another name", ("a", "b")))[1].tolist()
    assert named == tested(seed, 0)


@given(
    sizes=st.lists(st.integers(1, 9), min_size=5, max_size=40),
    folds=st.integers(2, 5),
    seed=SEEDS,
    classes=st.integers(1, 3),
)
def test_a_group_stands_on_one_side_only(sizes: list[int], folds: int, seed: int, classes: int) -> None:
    groups = np.random.default_rng(0).permutation(np.repeat(np.arange(len(sizes)) * 7 - 3, sizes))
    y = np.random.default_rng(1).integers(0, classes, len(groups))
    for made in (
        [stratified_kfold(y, folds, Draw(seed, 0, f), groups=groups) for f in range(folds)],
        [kfold(len(y), folds, Draw(seed, 0, f), groups=groups) for f in range(folds)],
    ):
        assert_partition(made, len(y))
        for train, test in made:
            assert not np.intersect1d(groups[train], groups[test]).size
        assert all(len(test) for _, test in made)
    try:
        train, test = holdout(len(y), 0.3, Draw(seed), validation=0.1, y=y, groups=groups)
    except Refusal:  # whole groups do not always leave some for a small share
        reject()
    assert not np.intersect1d(groups[train], groups[test]).size


@pytest.mark.parametrize("seed", range(20))
def test_as_many_groups_as_folds_are_enough(seed: int) -> None:
    """Found by a random case: single-row groups of three classes all went to the first fold."""
    y = np.array([0, 1, 2, 0, 1])
    for fold in range(5):
        train, test = stratified_kfold(y, 5, Draw(seed, 0, fold), groups=np.arange(5))
        assert (len(train), len(test)) == (4, 1)


def test_small_groups_are_dealt_nearly_stratified() -> None:
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(400), 3)
    y = (rng.random(1200) < 0.1).astype(np.int64)
    for fold in range(5):
        _, test = stratified_kfold(y, 5, Draw(0, 0, fold), groups=groups)
        assert abs(len(test) - 240) <= 6
        assert abs(y[test].sum() - y.sum() / 5) <= 3


@given(
    times=st.lists(st.integers(0, 60), min_size=30, max_size=120),
    folds=st.integers(1, 4),
)
def test_forward_folds_train_on_the_strict_past(times: list[int], folds: int) -> None:
    time = np.array(times, dtype=np.float64)
    try:
        made = [forward_folds(time, folds, Draw(fold=f)) for f in range(folds)]
    except Refusal:  # too many equal times: tested below
        reject()
    tested = np.concatenate([test for _, test in made])
    assert len(np.unique(tested)) == len(tested)
    for train, test in made:
        assert time[train].max() < time[test].min()
    sizes = [len(train) for train, _ in made]
    assert sizes == sorted(sizes)
    assert time[tested].max() == time.max()


@given(times=st.lists(st.integers(0, 99), min_size=40, max_size=120), validation=st.sampled_from([0, 0.2]))
def test_the_tail_is_later_than_the_validation_part_and_that_than_training(
    times: list[int], validation: float
) -> None:
    time = np.array(times, dtype=np.float64)
    try:
        train, test = tail(time, 0.2, Draw(), validation=validation)
    except Refusal:  # too many equal times: tested below
        reject()
    between = np.setdiff1d(np.arange(len(time)), np.concatenate([train, test]))
    assert time[train].max() < time[test].min()
    assert (time[between] < time[test].min()).all()
    assert (time[between] > time[train].max()).all()
    if not validation:
        assert not len(between)


def test_forward_splits_with_groups_leave_the_shared_groups_out_of_training() -> None:
    time, groups = np.arange(60, dtype=np.float64), np.arange(60) % 7
    with pytest.raises(Refusal, match="training side"):
        forward_folds(time, 2, Draw(), groups=groups)
    groups = np.arange(60) // 8
    train, test = forward_folds(time, 2, Draw(), groups=groups)
    assert not np.intersect1d(groups[train], groups[test]).size
    assert time[train].max() < time[test].min()


@given(
    counts=st.lists(st.integers(3, 60), min_size=1, max_size=5),
    sizes=st.lists(st.integers(5, 120), min_size=2, max_size=5),
    seed=SEEDS,
)
def test_subsets_are_nested_and_stratified(counts: list[int], sizes: list[int], seed: int) -> None:
    y = codes_of(counts, 2)
    train = np.arange(len(y)) * 3 + 1
    before: np.ndarray = np.array([], dtype=np.int64)
    for size in sorted(sizes):
        chosen = nested_subset(train, size, Draw(seed), y=y)
        assert len(chosen) == min(size, len(train))
        assert np.isin(before, chosen).all()
        assert (np.diff(chosen) > 0).all()
        per_class = np.bincount(y[(chosen - 1) // 3], minlength=len(counts))
        assert (per_class >= 1).all()
        wanted = np.array(counts) * len(chosen) / len(y)
        assert (np.abs(per_class - wanted) <= len(counts)).all()
        before = chosen


def test_subsets_without_classes_are_nested_and_depend_on_the_split() -> None:
    train = np.arange(100)
    small, large = nested_subset(train, 20, Draw(1)), nested_subset(train, 50, Draw(1))
    assert np.isin(small, large).all()
    assert small.tolist() != nested_subset(train, 20, Draw(2)).tolist()
    assert small.tolist() != nested_subset(train, 20, Draw(1, 0, 1)).tolist()
    assert nested_subset(train, 500, Draw(1)).tolist() == train.tolist()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (
            lambda d: stratified_kfold(np.array([0] * 9 + [1] * 3), 5, d),
            "toy: class 'bad' has 3 rows, which do not reach into 5 folds. The largest legal number of folds is 3",
        ),
        (lambda d: stratified_kfold(np.array([0] * 9 + [1]), 2, d), "No number of folds is legal"),
        (lambda d: kfold(3, 5, d), "3 rows do not make 5 folds"),
        (lambda d: kfold(9, 5, d, groups=np.arange(9) % 4), "4 groups do not make 5 folds"),
        (lambda d: holdout(3, 0.1, d), "the test side of split r0f0 holds no row"),
        (
            lambda d: holdout(12, 0.9, d, y=np.array([0] * 11 + [1])),
            "class 'bad' has 1 rows and none of them stays",
        ),
        (lambda d: forward_folds(np.array([1.0, 1, 1, 2, 2, 2]), 3, d), "2 distinct times do not make 4"),
        (lambda d: tail(np.ones(10), 0.2, d), "the training side"),
        (
            lambda d: nested_subset(np.arange(9), 2, d, y=np.arange(9) % 3),
            "smallest legal training size is 3",
        ),
        (lambda d: nested_subset(np.arange(9), 0, d), "a training size of 0"),
    ],
)
def test_split_04_says_what_is_too_few_and_what_is_legal(call, says: str) -> None:
    with pytest.raises(Refusal) as caught:
        call(Draw(0, 0, 0, "toy", ("good", "bad")))
    assert caught.value.code == "SPLIT-04"
    assert says in str(caught.value)


def test_the_folds_that_split_04_calls_legal_are_legal() -> None:
    y = np.array([0] * 9 + [1] * 3)
    assert all(len(stratified_kfold(y, 3, Draw(fold=f))[1]) == 4 for f in range(3))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_rows_without_time_have_no_order(bad: float) -> None:
    time = np.arange(20, dtype=np.float64)
    time[3] = bad
    for call in (lambda: forward_folds(time, 2, Draw()), lambda: tail(time, 0.2, Draw())):
        with pytest.raises(Refusal, match="1 of 20 rows have no time") as caught:
            call()
        assert caught.value.code == "SPLIT-02"
