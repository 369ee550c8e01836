from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_matrix

from bakeoff_recsys.ease import EASE


def item_by_item(X: np.ndarray, l2: float) -> np.ndarray:
    """Ridge regression of every column on all the others: the definition, without the closed form."""
    n_items = X.shape[1]
    B = np.zeros((n_items, n_items))
    for j in range(n_items):
        others = [i for i in range(n_items) if i != j]
        A = X[:, others]
        B[others, j] = np.linalg.solve(A.T @ A + l2 * np.eye(len(others)), A.T @ X[:, j])
    return X @ B


@pytest.mark.parametrize("shape", [(25, 8), (8, 25), (9, 9)], ids=["more users", "more items", "square"])
@pytest.mark.parametrize("l2", [0.5, 20.0])
def test_both_forms_are_the_ridge_regression_of_each_item(shape: tuple[int, int], l2: float) -> None:
    random = np.random.default_rng(1)
    X = random.random(shape) * (random.random(shape) < 0.4)
    model = EASE(l2).fit(csr_matrix(X))
    assert model.dual == (shape[0] < shape[1])
    assert np.allclose(model.score_items(np.arange(shape[0])), item_by_item(X, l2), rtol=1e-8, atol=1e-10)


@settings(max_examples=40)
@given(
    st.sampled_from([(3, 6), (6, 3)])
    .flatmap(lambda s: arrays(np.int64, s, elements=st.integers(0, 1)))
    .filter(np.any)
)
def test_an_items_own_presence_has_no_say_in_its_score(X: np.ndarray) -> None:
    """B has a zero diagonal: an item nobody shares with another scores 0 for the user who has it."""
    scores = EASE(5.0).fit(csr_matrix(X)).score_items(np.arange(len(X)))
    together = (X.T @ X) * (1 - np.eye(X.shape[1]))
    assert np.allclose(scores[:, ~together.any(axis=0)], 0.0, atol=1e-12)


def test_column_blocks_of_the_dual_form_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    X = csr_matrix((np.random.default_rng(2).random((6, 30)) < 0.3).astype(float))
    whole = EASE().fit(X).score_items(np.arange(6))
    monkeypatch.setattr("bakeoff_recsys.ease._COLUMNS", 7)
    assert np.allclose(EASE().fit(X).score_items(np.arange(6)), whole, rtol=1e-12)
