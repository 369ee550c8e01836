"""Random order that never moves: the same on every machine and with every version of numpy.

numpy promises stable raw bits of its bit generators, but not of `permutation` or `shuffle`; so rows are
sorted by raw 64-bit keys. The words that seed them (policy, seed, repeat, ...) are hashed first.
"""

from __future__ import annotations

from hashlib import sha256

import numpy as np

from bakeoff.run.data.types import IntArray


def random_order(n: int, *words: str | int) -> IntArray:
    """A permutation of 0..n-1 that depends on n and the words alone."""
    seed = int.from_bytes(sha256("|".join(map(str, words)).encode()).digest()[:16], "big")
    keys = np.random.PCG64(seed).random_raw(n)
    return np.argsort(keys, kind="stable")
