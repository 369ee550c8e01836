"""The two recommenders everything else must beat: chance, and the same best-sellers for everybody.

They do not mask what a user has seen; the harness does.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from bakeoff_recsys.matrix import canonical


class Random:
    """Scores drawn uniformly, for each user from a stream of its own, so that batching changes nothing."""

    def __init__(self, random_state: int = 0) -> None:
        self.random_state = random_state
        self.n_items = 0

    def fit(self, interactions: Any) -> Random:
        """Learn the number of items; interactions (n_users, n_items)."""
        self.n_items = canonical(interactions).shape[1]
        return self

    def score_items(self, users: np.ndarray) -> np.ndarray:
        """Return scores in [0, 1), shape (len(users), n_items)."""
        streams = (np.random.default_rng([self.random_state, int(user)]) for user in users)
        return np.array([stream.random(self.n_items) for stream in streams]).reshape(-1, self.n_items)


class Popularity:
    """An item's score is the number of users who have it; weights are not read."""

    def __init__(self) -> None:
        self.counts = np.empty(0)

    def fit(self, interactions: Any) -> Popularity:
        """Count the users of each item; interactions (n_users, n_items)."""
        matrix = canonical(interactions)
        self.counts = np.bincount(matrix.indices, minlength=matrix.shape[1]).astype(np.float64)
        return self

    def score_items(self, users: np.ndarray) -> np.ndarray:
        """Return the same counts for every user, shape (len(users), n_items)."""
        return np.tile(self.counts, (len(users), 1))
