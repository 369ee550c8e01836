"""Logistic matrix factorisation (Johnson 2014), as the library implicit does it.

This module decides only how it is run: users x items, one thread, a seed, no progress bar. It reads weights. Known
items are masked by the harness.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from implicit.cpu.lmf import LogisticMatrixFactorization

from bakeoff_recsys.factors import inner_products
from bakeoff_recsys.matrix import at_least, canonical


class LMF:
    """factors, learning_rate, regularization, iterations, negatives (`neg_prop`): implicit's, with its defaults."""

    def __init__(
        self,
        factors: int = 30,
        learning_rate: float = 1.0,
        regularization: float = 0.6,
        iterations: int = 30,
        negatives: int = 30,
        random_state: int = 0,
    ) -> None:
        at_least("factors", factors, 1)
        at_least("learning_rate", learning_rate, 0, strict=True)
        at_least("regularization", regularization, 0)
        at_least("iterations", iterations, 1)
        at_least("negatives", negatives, 1)
        self.factors, self.iterations, self.negatives = int(factors), int(iterations), int(negatives)
        self.learning_rate, self.regularization = float(learning_rate), float(regularization)
        self.random_state = random_state
        self.user_factors = self.item_factors = np.empty((0, 0))
        self.diagnostics_: dict[str, float] = {}

    def fit(self, interactions: Any) -> LMF:
        """Learn the factors; interactions (n_users, n_items), values are confidences."""
        model = LogisticMatrixFactorization(
            factors=self.factors,
            learning_rate=self.learning_rate,
            regularization=self.regularization,
            iterations=self.iterations,
            neg_prop=self.negatives,
            num_threads=1,
            random_state=self.random_state,
        )
        model.fit(canonical(interactions, dtype=np.float32), show_progress=False)
        self.user_factors, self.item_factors = model.user_factors, model.item_factors
        self.diagnostics_ = {"n_iter": float(self.iterations)}
        return self

    def score_items(self, users: np.ndarray) -> np.ndarray:
        """Return log-odds of a preference, shape (len(users), n_items)."""
        return inner_products(self.user_factors, self.item_factors, users)
