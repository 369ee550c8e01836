"""Splits by time: what is tested is later than anything that was learnt from (SPLIT-02 by construction).

Rows with equal times never stand on two sides: each cut moves down to where the time changes.
"""

from __future__ import annotations

import numpy as np

from bakeoff.model.errors import Refusal
from bakeoff.run.data.draw import Draw, Sides, filled, too_few
from bakeoff.run.data.types import FloatArray, IntArray


def forward_folds(time: FloatArray, folds: int, draw: Draw, *, groups: IntArray | None = None) -> Sides:
    """Forward chaining: the rows in order of time are cut into folds + 1 blocks of equal size; fold f trains on
    the blocks 0..f and is tested on block f + 1. Seeds play no part.

    With `groups`, training rows of a group that stands in the test block are left out.
    """
    order, cuts = _cut(time, [(f * len(time)) // (folds + 1) for f in range(folds + 1)], draw)
    cuts.append(len(time))
    if len(set(cuts)) < folds + 2:
        distinct = len(np.unique(time))
        raise too_few(
            draw,
            f"{distinct} distinct times do not make {folds + 1} blocks of equal size",
            "Use fewer folds (`--folds`).",
        )
    first, last = cuts[draw.fold + 1], cuts[draw.fold + 2]
    return _without_shared(np.sort(order[:first]), np.sort(order[first:last]), groups, draw)


def tail(
    time: FloatArray,
    test: float,
    draw: Draw,
    *,
    validation: float = 0.0,
    groups: IntArray | None = None,
) -> Sides:
    """The last share `test` of the rows against the first ones; the share `validation` between them stands on
    neither side. Cuts at t1 and t2: train < t1 <= validation < t2 <= test.
    """
    n = len(time)
    at = n - int(np.floor(n * test + 0.5))
    order, (first, last) = _cut(time, [at - int(np.floor(n * validation + 0.5)), at], draw)
    return _without_shared(np.sort(order[:first]), np.sort(order[last:]), groups, draw)


def _cut(time: FloatArray, places: list[int], draw: Draw) -> tuple[IntArray, list[int]]:
    """Row numbers in order of time, and the cuts moved down to the first row of their time."""
    missing = int(np.count_nonzero(~np.isfinite(time)))
    if missing:
        raise Refusal(
            "SPLIT-02",
            f"{draw.where}: {missing} of {len(time)} rows have no time, so they have no order.",
            hint="Drop those rows, or do not declare the time column.",
        )
    order = np.argsort(time, kind="stable")
    ordered = time[order]
    inside = [min(max(place, 0), len(time) - 1) for place in places]
    return order, [int(np.searchsorted(ordered, ordered[place], side="left")) for place in inside]


def _without_shared(train: IntArray, test: IntArray, groups: IntArray | None, draw: Draw) -> Sides:
    if groups is not None:
        train = train[~np.isin(groups[train], groups[test])]
    return filled(train, test, draw)
