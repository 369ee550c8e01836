"""The compiled inner loop of BPR. Pure numbers in, numbers changed in place; no policy and no defaults.

It is compiled when this module is imported, for one signature, so that compiling is never part of a measured fit,
and kept in numba's cache, so that a second process loads it. Where the cache cannot be used it is compiled anew.

Random numbers are splitmix64 (Steele, Lea and Flood 2014) with the state in an array of one uint64, so that the draw
depends on the seed alone, neither on numba's nor on numpy's generators; bounded integers by Lemire's multiplication
with rejection (2019), without bias.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from numba import float32, float64, int32, int64, uint64


def compiled(signature: Any, **options: Any) -> Callable[[Any], Any]:
    """Compile a function for one signature at once, through numba's disk cache if that can be used."""

    def decorate(function: Any) -> Any:
        try:
            return numba.njit(signature, cache=True, **options)(function)
        except Exception:
            # The cache folder cannot be written, the disk is full, a cached file is damaged, the function is
            # not in a file. A fault of the function itself is raised again by the second attempt.
            return numba.njit(signature, **options)(function)

    return decorate


@numba.njit(inline="always")
def _next(state: Any) -> Any:
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@numba.njit
def below(state: Any, bound: Any) -> Any:
    """A uniform integer in [0, bound), bound < 2^32."""
    low_bits, n = np.uint64(0xFFFFFFFF), np.uint64(bound)
    product = (_next(state) >> np.uint64(32)) * n
    if (product & low_bits) < n:
        reject = (np.uint64(0x100000000) - n) % n
        while (product & low_bits) < reject:
            product = (_next(state) >> np.uint64(32)) * n
    return np.int64(product >> np.uint64(32))


@numba.njit
def contains(sorted_ids: Any, low: Any, high: Any, wanted: Any) -> Any:
    """Whether `wanted` is in sorted_ids[low:high]."""
    end = high
    while low < high:
        middle = (low + high) >> 1
        if sorted_ids[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low < end and sorted_ids[low] == wanted


@numba.njit
def negative(state: Any, sorted_ids: Any, low: Any, high: Any, n_items: Any) -> Any:
    """An item drawn uniformly from those outside sorted_ids[low:high], which must not be all of them."""
    item = below(state, n_items)
    while contains(sorted_ids, low, high, item):
        item = below(state, n_items)
    return item


@numba.njit
def step(user: Any, liked: Any, other: Any, difference: Any, rate: Any, penalty: Any) -> Any:
    """One ascent step on ln sigmoid(x) - penalty/2 |theta|^2 for three vectors; returns x and the slope."""
    x = difference
    for f in range(len(user)):
        x += user[f] * (liked[f] - other[f])
    slope = np.float32(1.0 / (1.0 + np.exp(x)))
    for f in range(len(user)):
        u, i, j = user[f], liked[f], other[f]
        user[f] = u + rate * (slope * (i - j) - penalty * u)
        liked[f] = i + rate * (slope * u - penalty * i)
        other[f] = j - rate * (slope * u + penalty * j)
    return x, slope


@compiled(
    int64(
        int32[::1], int32[::1], int32[::1], float32[:, ::1], float32[:, ::1], float32[::1],
        float32, float32, uint64[::1], float64[::1],
    ),
    fastmath={"reassoc", "contract", "nsz"},  # lets inner products use vector instructions; NaN stays NaN
)  # fmt: skip
def train(
    indptr: Any,
    indices: Any,
    owners: Any,
    users: Any,
    items: Any,
    bias: Any,
    rate: Any,
    penalty: Any,
    state: Any,
    losses: Any,
) -> Any:
    """Stochastic gradient ascent on BPR-OPT; len(losses) epochs of as many draws as there are interactions.

    indptr (n_users + 1,), indices (nnz,) sorted within each user; owners (nnz,): the user of each interaction.
    users (n_users, f), items (n_items, f), bias (n_items,) and state (1,) are changed in place; losses receives
    the mean -ln sigmoid(x) of each epoch's triples. A user who has every item has no negative and is passed
    over. Returns the number of triples learned from.
    """
    n_items, total = len(bias), 0
    for epoch in range(len(losses)):
        loss, drawn = 0.0, 0
        for _ in range(len(indices)):
            position = below(state, len(indices))
            u, i = owners[position], indices[position]
            low, high = indptr[u], indptr[u + 1]
            if high - low == n_items:
                continue
            j = negative(state, indices, low, high, n_items)
            x, slope = step(users[u], items[i], items[j], bias[i] - bias[j], rate, penalty)
            bias[i] += rate * (slope - penalty * bias[i])
            bias[j] -= rate * (slope + penalty * bias[j])
            loss += np.log1p(np.exp(-x))
            drawn += 1
        losses[epoch] = loss / max(drawn, 1)
        total += drawn
    return total
