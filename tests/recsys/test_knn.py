from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from implicit.nearest_neighbours import BM25Recommender, CosineRecommender, TFIDFRecommender
from scipy.sparse import csr_matrix

from bakeoff_recsys.knn import SIMILARITIES, ItemKNN, nearest

IMPLICIT = {"cosine": CosineRecommender, "tfidf": TFIDFRecommender, "bm25": BM25Recommender}


@pytest.mark.filterwarnings("ignore:Method expects CSR input")  # implicit's own conversion in its own fit
@pytest.mark.parametrize("similarity", SIMILARITIES)
@pytest.mark.parametrize("neighbours", [1, 4, 20])
def test_scores_are_those_of_implicit(similarity: str, neighbours: int, weighted: csr_matrix) -> None:
    theirs = IMPLICIT[similarity](K=neighbours, num_threads=1)
    theirs.fit(weighted, show_progress=False)
    expected = np.zeros(weighted.shape)
    for user in np.flatnonzero(np.diff(weighted.indptr)):
        ids, scores = theirs.recommend(user, weighted[user], N=12, filter_already_liked_items=False)
        expected[user, ids[ids >= 0]] = scores[ids >= 0]
    ours = ItemKNN(similarity, neighbours=neighbours).fit(weighted).score_items(np.arange(30))
    assert np.allclose(ours, expected, rtol=1e-9, atol=1e-12)


def by_hand(X: np.ndarray, similarity: str, neighbours: int) -> np.ndarray:
    """The definitions, written with loops over dense columns."""
    n_users, n_items = X.shape
    idf = np.log(n_items) - np.log1p((X > 0).sum(axis=1))
    W = X.copy()
    if similarity == "tfidf":
        W = np.sqrt(X) * idf[:, None]
    if similarity == "bm25":
        mean = X.sum() / n_items
        for u in range(n_users):
            for i in range(n_items):
                length = 0.25 + 0.75 * X[:, i].sum() / mean
                W[u, i] = idf[u] * X[u, i] * 2.2 / (1.2 * length + X[u, i]) if X[u, i] else 0.0
    else:
        norms = np.linalg.norm(W, axis=0)
        W = W / np.where(norms > 0, norms, 1)
    S = np.zeros((n_items, n_items))
    for i in range(n_items):
        row = W[:, i] @ W
        for j in np.argsort(-row, kind="stable")[:neighbours]:
            S[i, j] = row[j]
    return X @ S


@pytest.mark.parametrize("similarity", SIMILARITIES)
def test_scores_are_those_of_the_definition(similarity: str, weighted: csr_matrix) -> None:
    ours = ItemKNN(similarity, neighbours=4).fit(weighted).score_items(np.arange(30))
    assert np.allclose(ours, by_hand(weighted.toarray(), similarity, 4), rtol=1e-10, atol=1e-12)


@given(arrays(np.float64, (6, 9), elements=st.sampled_from([0.0, 1.0])), st.integers(1, 10))
def test_ties_at_the_edge_go_to_the_smaller_item_id(dense: np.ndarray, neighbours: int) -> None:
    kept = nearest(csr_matrix(dense), neighbours).toarray()
    for i, row in enumerate(dense.T @ dense):
        first = np.argsort(-row, kind="stable")[:neighbours]
        expected = np.zeros(9)
        expected[first] = row[first]
        assert np.array_equal(kept[i], expected)


def test_blocks_do_not_change_the_similarities(weighted: csr_matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = nearest(weighted, 3).toarray()
    monkeypatch.setattr("bakeoff_recsys.knn._BLOCK_CELLS", 24)
    assert np.array_equal(nearest(weighted, 3).toarray(), whole)
