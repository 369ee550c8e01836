"""How the harness ranks items from scores: unseen only, ties by item id, padding where there are no more."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from bakeoff.run.learners import top_items


def test_seen_items_never_appear_and_ties_go_to_the_lower_id():
    scores = np.array([[1.0, 3.0, 3.0, 2.0]])
    items, ties = top_items(scores, csr_matrix([[0, 0, 1, 0]]), 2)
    np.testing.assert_array_equal(items, [[1, 3]])
    assert ties == 0
    items, ties = top_items(np.array([[1.0, 1.0, 1.0]]), csr_matrix((1, 3)), 2)
    np.testing.assert_array_equal(items, [[0, 1]])
    assert ties == 1


def test_what_is_missing_is_padded_at_the_end():
    items, _ = top_items(np.array([[1.0, 2.0, 3.0]]), csr_matrix([[1, 1, 0]]), 5)
    np.testing.assert_array_equal(items, [[2, -1, -1, -1, -1]])


@pytest.mark.parametrize("scores", [np.zeros((1, 2)), np.zeros((2, 3)), np.full((1, 3), np.nan)])
def test_wrong_scores_are_an_error(scores):
    with pytest.raises(ValueError, match="score_items returned"):
        top_items(scores, csr_matrix((1, 3)), 2)


@given(data=st.data())
def test_the_ranking_is_that_of_a_plain_sort(data):
    n, k = data.draw(st.integers(1, 8)), data.draw(st.integers(1, 10))
    scores = np.array([data.draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))], dtype=float)
    seen = np.array([data.draw(st.lists(st.booleans(), min_size=n, max_size=n))])
    items, _ = top_items(scores.copy(), csr_matrix(seen.astype(float)), k)
    expected = sorted((i for i in range(n) if not seen[0, i]), key=lambda i: (-scores[0, i], i))[:k]
    np.testing.assert_array_equal(items[0], expected + [-1] * (k - len(expected)))
