"""Shared matrices: small ones with a known structure, and one made from known factors."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix


@pytest.fixture
def weighted() -> csr_matrix:
    """30 users x 12 items, float weights without ties, one empty user and one empty item."""
    random = np.random.default_rng(5)
    dense = random.random((30, 12)) * 4 * (random.random((30, 12)) < 0.35)
    dense[7], dense[:, 3] = 0, 0
    return csr_matrix(dense)


@pytest.fixture(scope="session")
def tastes() -> tuple[csr_matrix, np.ndarray]:
    """Training interactions (200 x 120) drawn from four known factors, and the true affinities."""
    random = np.random.default_rng(11)
    affinity = random.normal(size=(200, 4)) @ random.normal(size=(4, 120))
    liked = affinity + random.normal(scale=0.5, size=affinity.shape) > 2.0
    known = liked & (random.random(liked.shape) < 0.7)
    return csr_matrix(known.astype(np.float32)), affinity
