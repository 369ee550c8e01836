"""The inner validation part by which networks stop. It is cut from the training part, never from the test part."""

from __future__ import annotations

import numpy as np


def split_rows(
    strata: np.ndarray | None, n: int, fraction: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows to learn from and the rows to stop by, both ascending int64.

    strata: class codes (n,), each of which is represented in proportion and keeps a row to learn from; None for
    no strata. With fewer than four rows all of them do both.
    """
    if n < 4:
        return np.arange(n), np.arange(n)
    order = np.random.default_rng(seed).permutation(n)
    groups = np.zeros(n, dtype=np.int64) if strata is None else np.asarray(strata)
    order = order[np.argsort(groups[order], kind="stable")]
    # One row of each class is to be learned from; where that is every row, the last one must do for stopping.
    rest = np.append(False, np.diff(groups[order]) == 0)
    free = np.flatnonzero(rest) if rest.any() else np.array([n - 1])
    # Down the line of the others, sorted by class, at even distances: each class in proportion.
    wanted = min(len(free), max(1, round(fraction * n)))
    aside = np.zeros(n, dtype=bool)
    aside[free[((np.arange(wanted) + 0.5) * len(free) / wanted).astype(np.int64)]] = True
    return np.sort(order[~aside]), np.sort(order[aside])
