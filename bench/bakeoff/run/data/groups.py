"""Dealing whole groups to the parts of a split, so that no group stands on two sides (SPLIT-03).

Greedy: from the largest group to the smallest, each goes to the part that lags furthest behind its share of
the classes the group holds and of the rows. Close to stratified where groups are small; it does not search for
an optimum.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bakeoff.run.data.order import random_order
from bakeoff.run.data.types import IntArray


def deal_groups(
    groups: IntArray, codes: IntArray, shares: Sequence[float], words: Sequence[str | int]
) -> IntArray:
    """Part (0..len(shares)-1) of every row.

    groups: (n,) any ints; codes: (n,) class codes, zeros where there are no classes; shares: wanted share of
    the rows by part, summing to 1. Groups of equal size are dealt in an order that depends on `words`.
    """
    member, counts = _counts(groups, codes)
    order = random_order(len(counts), "groups", *words)
    order = order[np.argsort(-counts[order, -1], kind="stable")]
    weights = counts / np.maximum(counts.sum(axis=0), 1)
    lag = np.tile(-np.asarray(shares, dtype=np.float64)[:, None], (1, counts.shape[1]))
    part = np.zeros(len(counts), dtype=np.int64)
    for group in order:
        # Rounded, so that the last bit of a sum never decides between equal parts.
        chosen = int(np.argmin(np.round(lag @ weights[group], 12)))
        lag[chosen] += weights[group]
        part[group] = chosen
    return part[member]


def _counts(groups: IntArray, codes: IntArray) -> tuple[IntArray, np.ndarray]:
    """Number of each row's group, and the rows of each group by class, with all its rows as last column."""
    names, member = np.unique(groups, return_inverse=True)
    classes = int(codes.max(initial=0)) + 1
    cells = np.bincount(member * classes + codes, minlength=len(names) * classes)
    counts = cells.reshape(len(names), classes)
    return member.astype(np.int64), np.column_stack([counts, counts.sum(axis=1)])
