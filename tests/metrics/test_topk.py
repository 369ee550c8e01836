"""Our top-k metrics against pytrec_eval's, on thousands of random users, and on the awkward ones."""

from __future__ import annotations

import numpy as np
import pytest
import pytrec_eval
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from bakeoff.metrics import topk
from bakeoff.metrics.base import Undefined
from bakeoff.metrics.topk import FUNCTIONS, Lists, judge

TREC = {
    "ndcg": "ndcg_cut_{k}",
    "recall": "recall_{k}",
    "precision": "P_{k}",
    "hit": "success_{k}",
    "map": "map_cut_{k}",
}


def random_lists(rng: np.random.Generator, width: int) -> tuple[np.ndarray, csr_matrix, np.ndarray]:
    """Lists (some end early) and relevant items (some users have none) of a few users."""
    users, n_items = int(rng.integers(1, 9)), int(rng.integers(width, 60))
    items = np.argsort(rng.random((users, n_items)), axis=1)[:, :width].astype(np.int64)
    for row, end in enumerate(rng.integers(width // 2, width * 2, users)):
        items[row, end:] = -1
    relevant = csr_matrix((rng.random((users, n_items)) < rng.uniform(0, 0.5)).astype(np.float32))
    return items, relevant, rng.integers(0, 50, n_items)


def trec(items: np.ndarray, relevant: csr_matrix, k: int) -> dict[str, np.ndarray]:
    """{measure: value of each user with relevant items}, from pytrec_eval."""
    rows = [u for u in range(len(items)) if relevant[u].nnz]
    judged = {f"u{u}": {f"i{i}": 1 for i in relevant[u].indices} for u in rows}
    ranked = {f"u{u}": {f"i{i}": float(1000 - r) for r, i in enumerate(items[u]) if i >= 0} for u in rows}
    names = {name.format(k=k) for name in TREC.values()} | {"recip_rank"}
    found = pytrec_eval.RelevanceEvaluator(judged, {n.replace(f"_{k}", f".{k}") for n in names}).evaluate(
        ranked
    )
    return {name: np.array([found[f"u{u}"][name] for u in rows]) for name in names}


@pytest.mark.parametrize("k", [1, 5, 10, 20])
def test_equals_pytrec_eval_on_random_cases(k: int) -> None:
    rng = np.random.default_rng(k)
    compared = 0
    for _ in range(300):
        items, relevant, popularity = random_lists(rng, 20)
        lists = judge(items, relevant, popularity)
        if not len(lists.items):
            continue
        theirs = trec(items, relevant, k)
        for name in ("ndcg", "recall", "precision", "hit"):
            ours = FUNCTIONS[name](lists, k)
            assert ours == pytest.approx(theirs[TREC[name].format(k=k)].mean(), abs=1e-12), name
        # TREC divides average precision by n; ours by min(n, k).
        n = lists.relevant
        expected = (theirs[f"map_cut_{k}"] * n / np.minimum(n, k)).mean()
        assert topk.map(lists, k) == pytest.approx(expected, abs=1e-12)
        expected = (theirs[f"recall_{k}"] * n / np.minimum(n, k)).mean()
        assert topk.recall_min(lists, k) == pytest.approx(expected, abs=1e-12)
        compared += len(n)
    assert compared > 1000


def test_mrr_equals_the_reciprocal_rank_of_pytrec_eval_cut_at_k() -> None:
    rng = np.random.default_rng(3)
    for _ in range(200):
        items, relevant, popularity = random_lists(rng, 20)
        lists = judge(items, relevant, popularity)
        if not len(lists.items):
            continue
        whole = trec(items, relevant, 20)["recip_rank"]
        assert topk.mrr(lists, 20) == pytest.approx(whole.mean(), abs=1e-12)
        cut = np.where(whole >= 1 / 10, whole, 0)
        assert topk.mrr(lists, 10) == pytest.approx(cut.mean(), abs=1e-12)


def two_users() -> Lists:
    """Items 0..4; user 0 wants {0, 4} and gets 0, 1, 2; user 1 wants {3} and gets 2, 3."""
    relevant = csr_matrix(np.array([[1, 0, 0, 0, 1], [0, 0, 0, 1, 0]]))
    return judge(np.array([[0, 1, 2], [2, 3, -1]]), relevant, np.array([5, 4, 3, 2, 1]))


def test_values_worked_by_hand() -> None:
    lists, second = two_users(), 1 / np.log2(3)
    assert topk.ndcg(lists, 3) == pytest.approx((1 / (1 + second) + second) / 2)
    assert topk.recall(lists, 3) == pytest.approx((1 / 2 + 1) / 2)
    assert topk.recall_min(lists, 1) == pytest.approx((1 + 0) / 2)
    assert topk.precision(lists, 3) == pytest.approx((1 / 3 + 1 / 3) / 2)
    assert topk.map(lists, 3) == pytest.approx((1 / 2 + 1 / 2) / 2)
    assert topk.mrr(lists, 3) == pytest.approx((1 + 1 / 2) / 2)
    assert topk.hit(lists, 1) == pytest.approx(1 / 2)
    assert topk.coverage(lists, 3) == pytest.approx(4 / 5)
    assert topk.popularity(lists, 3) == pytest.approx((5 + 4 + 3 + 3 + 2) / 5)


def test_gini_is_the_mean_absolute_difference_over_twice_the_mean() -> None:
    lists = two_users()
    times = np.array([1, 1, 2, 1, 0])
    expected = np.abs(times[:, None] - times).mean() / (2 * times.mean())
    assert topk.gini(lists, 3) == pytest.approx(expected)


def test_gini_is_zero_when_all_items_are_shown_alike() -> None:
    lists = judge(np.array([[0, 1], [2, 3]]), csr_matrix(np.eye(2, 4)), np.ones(4))
    assert topk.gini(lists, 2) == pytest.approx(0)
    assert topk.coverage(lists, 2) == 1.0


def test_users_without_relevant_items_change_nothing() -> None:
    relevant = csr_matrix(np.array([[1, 0, 0, 0, 1], [0, 0, 0, 0, 0], [0, 0, 0, 1, 0]]))
    lists = judge(np.array([[0, 1, 2], [4, 3, 2], [2, 3, -1]]), relevant, np.array([5, 4, 3, 2, 1]))
    for name, function in FUNCTIONS.items():
        assert function(lists, 3) == function(two_users(), 3), name


def test_padding_is_never_a_hit() -> None:
    """Key arithmetic would take the -1 of user 1 for the last item of user 0."""
    lists = judge(np.array([[0, -1], [0, -1]]), csr_matrix(np.array([[0, 1], [0, 1]])), np.ones(2))
    assert not lists.hits.any()


def test_a_perfect_list_reaches_one_even_where_there_are_more_relevant_items_than_places() -> None:
    lists = judge(np.array([[0, 1]]), csr_matrix(np.ones((1, 5))), np.ones(5))
    for name in ("ndcg", "recall_min", "precision", "map", "mrr", "hit"):
        assert FUNCTIONS[name](lists, 2) == pytest.approx(1), name
    assert topk.recall(lists, 2) == pytest.approx(2 / 5)


@pytest.mark.parametrize("name", list(FUNCTIONS))
def test_k_beyond_the_lists_or_the_candidates_is_an_error(name: str) -> None:
    with pytest.raises(Undefined, match="the lists hold 3"):
        FUNCTIONS[name](two_users(), 4)
    padded = judge(np.array([[0, 1, -1]]), csr_matrix(np.array([[1, 0]])), np.ones(2))
    with pytest.raises(Undefined, match="greater than the 2 candidates"):
        FUNCTIONS[name](padded, 3)


@pytest.mark.parametrize("name", list(FUNCTIONS))
def test_without_evaluated_users_nothing_has_a_value(name: str) -> None:
    nobody = judge(np.empty((0, 3), dtype=np.int64), csr_matrix((0, 5)), np.ones(5))
    with pytest.raises(Undefined, match="no user"):
        FUNCTIONS[name](nobody, 3)
    unwanted = judge(np.array([[0, 1, 2]]), csr_matrix((1, 5)), np.ones(5))
    with pytest.raises(Undefined, match="no user"):
        FUNCTIONS[name](unwanted, 3)


def test_empty_lists_score_zero_and_have_no_popularity() -> None:
    lists = judge(np.full((2, 3), -1), csr_matrix(np.ones((2, 5))), np.ones(5))
    assert topk.ndcg(lists, 3) == topk.precision(lists, 3) == topk.mrr(lists, 3) == 0
    for name in ("coverage", "popularity", "gini"):
        with pytest.raises(Undefined, match="nothing was recommended"):
            FUNCTIONS[name](lists, 3)


@given(seed=st.integers(0, 2**32 - 1), k=st.integers(1, 20))
def test_values_stay_in_range(seed: int, k: int) -> None:
    lists = judge(*random_lists(np.random.default_rng(seed), 20))
    for name, function in FUNCTIONS.items():
        if name == "popularity" or not len(lists.items):
            continue
        assert -1e-12 <= function(lists, k) <= 1 + 1e-12, name


@given(seed=st.integers(0, 2**32 - 1))
def test_moving_a_hit_up_never_lowers_a_score(seed: int) -> None:
    items, relevant, popularity = random_lists(np.random.default_rng(seed), 20)
    lists = judge(items, relevant, popularity)
    if not len(lists.items) or not lists.hits[0, 1:].any():
        return
    at = 1 + int(lists.hits[0, 1:].argmax())
    better = lists.items.copy()
    better[0, [at - 1, at]] = better[0, [at, at - 1]]
    hits = lists.hits.copy()
    hits[0, [at - 1, at]] = hits[0, [at, at - 1]]
    moved = Lists(better, hits, lists.relevant, lists.popularity)
    for name in ("ndcg", "recall", "recall_min", "precision", "map", "mrr", "hit"):
        assert FUNCTIONS[name](moved, 10) >= FUNCTIONS[name](lists, 10) - 1e-12, name
