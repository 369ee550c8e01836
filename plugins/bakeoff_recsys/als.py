"""Alternating least squares on confidence weights (Hu, Koren and Volinsky 2008), as the library implicit does it
(conjugate gradients; Takacs, Pilaszy and Tikk 2011).

This module decides only how it is run: users x items, one thread, a seed, no progress bar. It reads weights: the
confidence of a pair is alpha * weight, that of every other pair 1. Known items are masked by the harness.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares

from bakeoff_recsys.factors import inner_products
from bakeoff_recsys.matrix import at_least, canonical


class ALS:
    """factors, regularization, alpha, iterations: implicit's own, with its defaults."""

    def __init__(
        self,
        factors: int = 100,
        regularization: float = 0.01,
        alpha: float = 1.0,
        iterations: int = 15,
        random_state: int = 0,
    ) -> None:
        at_least("factors", factors, 1)
        at_least("regularization", regularization, 0)
        at_least("alpha", alpha, 0, strict=True)
        at_least("iterations", iterations, 1)
        self.factors, self.iterations = int(factors), int(iterations)
        self.regularization, self.alpha, self.random_state = float(regularization), float(alpha), random_state
        self.user_factors = self.item_factors = np.empty((0, 0))
        self.diagnostics_: dict[str, float] = {}

    def fit(self, interactions: Any) -> ALS:
        """Learn the factors; interactions (n_users, n_items), values are confidences."""
        matrix = canonical(interactions, dtype=np.float32)
        with warnings.catch_warnings():
            # A worker has one BLAS thread. Elsewhere more of them cost implicit time, which it warns of once a
            # process: advice about the caller's machine, no finding about this fit.
            warnings.filterwarnings(
                "ignore", message=".*BLAS.* is configured to use", category=RuntimeWarning
            )
            model = AlternatingLeastSquares(
                factors=self.factors,
                regularization=self.regularization,
                alpha=self.alpha,
                iterations=self.iterations,
                num_threads=1,
                random_state=self.random_state,
            )
        model.fit(matrix, show_progress=False)
        self.user_factors, self.item_factors = model.user_factors, model.item_factors
        self.diagnostics_ = {"n_iter": float(self.iterations)}
        return self

    def score_items(self, users: np.ndarray) -> np.ndarray:
        """Return predicted preferences, shape (len(users), n_items); 0 for a user without interactions."""
        return inner_products(self.user_factors, self.item_factors, users)
