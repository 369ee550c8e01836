"""Ranks that do not pretend: mean ranks with shared ties, and ranges of rank from pairwise verdicts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

#: Family-wise error rate of every verdict in the tables.
ALPHA = 0.05


def midranks(values: Sequence[float] | npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Ranks 1..n of `values`, smallest first; equal values share the mean of their ranks. Shape (n,)."""
    x = np.asarray(values, dtype=np.float64)
    _, code, count = np.unique(x, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return np.asarray((last - (count - 1) / 2)[code], dtype=np.float64)


def holm(p: Sequence[float]) -> npt.NDArray[np.float64]:
    """Holm's step-down adjusted p values, in the given order: max over j <= i of (m - j) p_(j), at most 1.

    Holds the family-wise error rate under any dependence. Source: Holm (1979), Scand. J. Statist. 6.
    """
    raw = np.asarray(p, dtype=np.float64)
    order = np.argsort(raw, kind="stable")
    stepped = np.maximum.accumulate(raw[order] * (raw.size - np.arange(raw.size)))
    adjusted = np.empty_like(raw)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted


def rank_ranges(
    better: Callable[[int, int], float], p: Callable[[int, int], float], n: int, alpha: float = ALPHA
) -> tuple[tuple[int, int], ...]:
    """Range of rank of each of `n` competitors: from 1 + (those separated above it) to n - (those below).

    better(i, j): the effect, positive where i is better than j. p(i, j): its two-sided p value; both are asked
    once a pair, i < j. A pair is separated where Holm's adjusted p over all n (n - 1) / 2 pairs is below `alpha`.
    With nothing separated everybody shares 1..n. Source of the idea: Mogstad, Romano, Shaikh and Wilhelm
    (2024), Inference for Ranks, Review of Economic Studies 91.
    """
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    adjusted = holm([p(i, j) for i, j in pairs])
    above, below = [0] * n, [0] * n
    for (i, j), value in zip(pairs, adjusted, strict=True):
        if value < alpha:
            winner, loser = (i, j) if better(i, j) > 0 else (j, i)
            above[loser] += 1
            below[winner] += 1
    return tuple((1 + above[i], n - below[i]) for i in range(n))
