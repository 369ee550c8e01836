"""EASE: the linear autoencoder with a closed form (Steck, "Embarrassingly Shallow Autoencoders for Sparse
Data", WWW 2019, arXiv:1905.03375).

B = argmin ||X - XB||^2 + l2 ||B||^2 with a zero diagonal; with P = (X'X + l2 I)^-1 it is B = I - P diag(P)^-1, so a
user's scores are x - (xP) / diag(P). It is dense algebra in the smaller of the two dimensions, twice
8 min(n_users, n_items)^2 bytes of memory. It does not mask seen items; the harness does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_matrix

from bakeoff_recsys.matrix import at_least, canonical

#: Columns of the dual form that are made dense at once.
_COLUMNS = 2048


class EASE:
    """l2: the regularisation, lambda in the paper; weights are read as they are (the paper's X is binary)."""

    def __init__(self, l2: float = 250.0) -> None:
        at_least("l2", l2, 0, strict=True)
        self.l2 = float(l2)
        self.interactions: Any = None
        self.inverse = np.empty((0, 0))
        self.diagonal = np.empty(0)
        self.dual = False

    def fit(self, interactions: Any) -> EASE:
        """Invert the Gram matrix of the items, or that of the users where there are fewer users than items.

        interactions (n_users, n_items). Both forms give the same scores: by the Woodbury identity
        P = (I - X'(XX' + l2 I)^-1 X) / l2.
        """
        X = self.interactions = canonical(interactions)
        self.dual = X.shape[0] < X.shape[1]
        gram = (X @ X.T if self.dual else X.T @ X).toarray()
        gram[np.diag_indices_from(gram)] += self.l2
        factor = cho_factor(gram, lower=True, overwrite_a=True, check_finite=False)
        self.inverse = cho_solve(factor, np.eye(len(gram)), overwrite_b=True, check_finite=False)
        self.diagonal = (
            _dual_diagonal(X, self.inverse, self.l2) if self.dual else np.diag(self.inverse).copy()
        )
        return self

    def score_items(self, users: np.ndarray) -> np.ndarray:
        """Return x_u B for each user, shape (len(users), n_items)."""
        rows = self.interactions[users]
        if self.dual:
            similar_users = np.asarray((rows @ self.interactions.T) @ self.inverse)
            projected = (rows - similar_users @ self.interactions) / self.l2
        else:
            projected = rows @ self.inverse
        scores: np.ndarray = rows.toarray() - np.asarray(projected) / self.diagonal
        return scores


def _dual_diagonal(X: csr_matrix, inverse: np.ndarray, l2: float) -> np.ndarray:
    """diag(P) of the primal form from the inverse of the users' Gram matrix."""
    columns = X.tocsc()
    leverage = np.empty(X.shape[1])
    for start in range(0, X.shape[1], _COLUMNS):
        block = columns[:, start : start + _COLUMNS].toarray()
        leverage[start : start + _COLUMNS] = np.einsum("ui,ui->i", block, inverse @ block)
    return (1.0 - leverage) / l2
