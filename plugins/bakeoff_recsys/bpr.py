"""Bayesian personalised ranking (Rendle, Freudenthaler, Gantner and Schmidt-Thieme, UAI 2009, arXiv:1205.2618)
by matrix factorisation with item biases and **uniform** negatives.

A triple is a user's item, drawn uniformly from all interactions, against an item drawn uniformly from those the user
does not have (items nobody has included). One thread: the same seed gives the same factors on the same machine;
another processor may round inner products differently. Weights are not read. Known items are masked by the harness.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from bakeoff_recsys import kernels
from bakeoff_recsys.factors import inner_products
from bakeoff_recsys.matrix import at_least, canonical


class BPR:
    """factors; learning_rate and regularization of the gradient steps, the same for users, items and biases;
    iterations: epochs, of as many triples as there are interactions.

    The defaults and the first factors (uniform in +-0.5 / factors) are those of implicit's BPR, so that `bpr` and
    `bpr-implicit` differ in what they sample and in nothing else.
    """

    def __init__(
        self,
        factors: int = 100,
        learning_rate: float = 0.01,
        regularization: float = 0.01,
        iterations: int = 100,
        random_state: int = 0,
    ) -> None:
        at_least("factors", factors, 1)
        at_least("learning_rate", learning_rate, 0, strict=True)
        at_least("regularization", regularization, 0)
        at_least("iterations", iterations, 1)
        self.factors, self.iterations = int(factors), int(iterations)
        self.learning_rate, self.regularization = float(learning_rate), float(regularization)
        self.random_state = random_state
        self.user_factors = self.item_factors = np.empty((0, 0))
        self.losses_ = np.empty(0)
        self.diagnostics_: dict[str, float] = {}

    def fit(self, interactions: Any) -> BPR:
        """Learn the factors and item biases; interactions (n_users, n_items)."""
        matrix = canonical(interactions, weights=False, dtype=np.float32)
        n_users, n_items = matrix.shape
        users, items, state = self._start(n_users, n_items)
        bias = np.zeros(n_items, dtype=np.float32)
        owners = np.repeat(np.arange(n_users, dtype=np.int32), np.diff(matrix.indptr))
        self.losses_ = np.zeros(self.iterations)
        triples = kernels.train(
            matrix.indptr,
            matrix.indices,
            owners,
            users,
            items,
            bias,
            np.float32(self.learning_rate),
            np.float32(self.regularization),
            state,
            self.losses_,
        )
        # The bias is one more item factor that every user takes with weight 1.
        self.user_factors = np.column_stack([users, np.ones(n_users, dtype=np.float32)])
        self.item_factors = np.column_stack([items, bias])
        self.diagnostics_ = {
            "n_iter": float(self.iterations),
            "triples": float(triples),
            "first_loss": float(self.losses_[0]),
            "last_loss": float(self.losses_[-1]),
        }
        return self

    def _start(self, n_users: int, n_items: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """First factors (float32) and the kernel's random state."""
        random = np.random.default_rng(self.random_state)
        first = random.random((n_users + n_items, self.factors), dtype=np.float32) - np.float32(0.5)
        first /= np.float32(self.factors)
        return first[:n_users], first[n_users:], random.integers(0, 2**64, size=1, dtype=np.uint64)

    def score_items(self, users: np.ndarray) -> np.ndarray:
        """Return scores, shape (len(users), n_items)."""
        return inner_products(self.user_factors, self.item_factors, users)
