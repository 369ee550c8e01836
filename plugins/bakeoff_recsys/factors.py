"""What factor models share: scores as inner products of user and item vectors. It learns nothing."""

from __future__ import annotations

import numpy as np


def inner_products(user_factors: np.ndarray, item_factors: np.ndarray, users: np.ndarray) -> np.ndarray:
    """Scores of every item for `users`, shape (len(users), n_items).

    user_factors (n_users, f), item_factors (n_items, f). Raises ArithmeticError if learning has diverged, so that the
    cell ends as failed with a reason and not as a table of NaN.
    """
    scores: np.ndarray = user_factors[users] @ item_factors.T
    if not np.isfinite(scores).all():
        raise ArithmeticError("the factors are not finite: learning has diverged, lower the learning rate")
    return scores
