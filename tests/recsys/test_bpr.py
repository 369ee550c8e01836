from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from bakeoff_recsys.bpr import BPR
from bakeoff_recsys.implicit_bpr import ImplicitBPR


def test_the_loss_starts_at_chance_and_falls(tastes: tuple[csr_matrix, np.ndarray]) -> None:
    model = BPR(factors=8, learning_rate=0.05, iterations=60).fit(tastes[0])
    assert model.losses_[0] == pytest.approx(np.log(2), abs=0.05)
    assert model.losses_[-1] < 0.6 * model.losses_[0]
    assert np.mean(model.losses_[-10:]) < np.mean(model.losses_[:10])
    assert model.diagnostics_["triples"] == 60 * tastes[0].nnz
    assert model.diagnostics_["last_loss"] == model.losses_[-1]


def test_the_item_bias_learns_popularity() -> None:
    random = np.random.default_rng(8)
    share = np.linspace(0.05, 0.8, 20)
    matrix = csr_matrix((random.random((300, 20)) < share).astype(float))
    bias = BPR(factors=2, iterations=40, regularization=0.05).fit(matrix).item_factors[:, -1]
    assert np.corrcoef(bias, share)[0, 1] > 0.9


def test_an_item_nobody_has_is_pushed_below_the_others() -> None:
    """Uniform negatives reach it; negatives drawn from interactions never do, which is the trap."""
    random = np.random.default_rng(9)
    dense = (random.random((100, 15)) < 0.4).astype(float)
    dense[:, 6] = 0
    users = np.arange(100)
    ours = BPR(factors=4).fit(csr_matrix(dense)).score_items(users)
    theirs = ImplicitBPR(factors=4).fit(csr_matrix(dense)).score_items(users)
    assert (ours[:, 6] == ours.min(axis=1)).mean() > 0.9
    assert (theirs[:, 6] == theirs.min(axis=1)).mean() < 0.9


def test_a_user_who_has_everything_and_one_who_has_nothing_are_passed_over() -> None:
    model = BPR(factors=3, iterations=5).fit(csr_matrix([[1, 1, 1], [0, 0, 0], [1, 0, 0]]))
    untouched = BPR(factors=3, iterations=5)._start(3, 3)[0]
    assert np.array_equal(model.user_factors[:2, :3], untouched[:2])
    assert not np.array_equal(model.user_factors[2, :3], untouched[2])
