"""Does one input column give the target away? (EDA-02.) Exact relabellings only; strong predictors are no
leaks by themselves and are the business of `bakeoff profile`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

#: Below this many rows a monotone relation of two numeric columns may be chance.
_FEW_ROWS = 10


def gives_away(column: pd.Series, target: np.ndarray, *, nominal: bool) -> bool:
    """Whether `column` equals `target` (class codes or numbers) up to relabelling.

    Relabelling: a one-to-one map of values which repeat (missing counts as a value), or, between numbers, a
    strictly rising or falling map. Columns of all different values match anything one to one, so an
    identifier is no leak.
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        return _one_to_one(column.cat.codes.to_numpy(), target)
    values = column.to_numpy()
    if not nominal and _monotone(values, target):
        return True
    return _one_to_one(values, target)


def _one_to_one(values: np.ndarray, target: np.ndarray) -> bool:
    # The cheapest question first: rows that share a value with the first row must share its target.
    first = values == values[0]
    if (target[first] != target[0]).any():
        return False
    ours, distinct = pd.factorize(values, use_na_sentinel=False)
    theirs, classes = pd.factorize(target)
    if len(distinct) != len(classes) or len(classes) * 2 > len(target):
        return False
    # Both number their values in the order of their first appearance.
    return bool((ours == theirs).all())


def _monotone(values: np.ndarray, target: np.ndarray) -> bool:
    if len(values) < _FEW_ROWS or np.isnan(values).any():
        return False
    order = np.argsort(target, kind="stable")
    steps, rises = np.diff(values[order]), np.diff(target[order]) > 0
    level = not steps[~rises].any()
    return level and bool((steps[rises] > 0).all() or (steps[rises] < 0).all())
