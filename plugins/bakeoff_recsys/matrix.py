"""Checks the training matrix and brings it into one canonical form for every technique of this plugin.

It decides nothing about quality: whether a dataset may be used at all (stars without a threshold, a transposed
matrix) is for the task to refuse. Here a technique called directly, too, gets a clear ValueError.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, issparse


def canonical(interactions: Any, *, weights: bool = True, dtype: Any = np.float64) -> csr_matrix:
    """Return a copy of `interactions` (n_users, n_items) as CSR without duplicates and explicit zeros.

    Item ids are sorted within each user, indices are int32, values `dtype`; with `weights=False` every value
    is 1. Users and items without interactions stay, as empty rows and columns. ValueError for what is not a
    sparse matrix, has no interaction at all, or holds negative or non-finite weights.
    """
    if not issparse(interactions) or interactions.ndim != 2:
        raise ValueError("interactions must be a two-dimensional scipy sparse matrix (users x items)")
    matrix = csr_matrix(interactions, dtype=dtype, copy=True)
    if not np.isfinite(matrix.data).all():
        raise ValueError(
            f"{int((~np.isfinite(matrix.data)).sum())} interactions have a weight that is no number"
        )
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    if matrix.nnz == 0:
        n_users, n_items = matrix.shape
        raise ValueError(f"no interaction to learn from ({n_users} users, {n_items} items)")
    if (matrix.data < 0).any():
        raise ValueError(f"{int((matrix.data < 0).sum())} interactions have a negative weight")
    if not weights:
        matrix.data[:] = 1
    # scipy keeps the caller's index type; implicit and the kernels want one.
    matrix.indices = matrix.indices.astype(np.int32, copy=False)
    matrix.indptr = matrix.indptr.astype(np.int32, copy=False)
    return matrix


def at_least(name: str, value: float, low: float, *, strict: bool = False) -> None:
    """Raise ValueError unless a parameter is a finite number of at least (`strict`: above) `low`."""
    if not np.isfinite(value) or value < low or (strict and value == low):
        raise ValueError(
            f"{name} must be a number {'above' if strict else 'of at least'} {low:g}, not {value!r}"
        )
