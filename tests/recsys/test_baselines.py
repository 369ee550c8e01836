from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix
from scipy.stats import kstest

from bakeoff_recsys.baselines import Popularity, Random


def test_popularity_counts_users_and_not_weights() -> None:
    matrix = csr_matrix([[5.0, 0, 1], [9.0, 0, 1], [0, 0, 2]])
    assert Popularity().fit(matrix).score_items(np.array([2, 0])).tolist() == [[2, 0, 3], [2, 0, 3]]


def test_random_scores_are_uniform_and_each_users_own() -> None:
    scores = Random(random_state=4).fit(csr_matrix(np.ones((50, 80)))).score_items(np.arange(50))
    assert kstest(scores.ravel(), "uniform").pvalue > 0.01
    assert len(np.unique(scores)) == scores.size
