"""How rows are split: pure functions of the classes, groups, times, seed, repeat and fold, and of nothing else.

They are Bakeoff's own so that no fold ever moves with a library's version; a golden test pins some. Policies
by name stand in `run/tasks/policies.py`; interactions are split in `event_splits`; what a split must never do
is checked in `split_checks`.
"""

from __future__ import annotations

import numpy as np

from bakeoff.run.data.draw import Draw, Sides, filled, sides, too_few
from bakeoff.run.data.event_splits import global_timeline, leave_last_out, user_random
from bakeoff.run.data.groups import deal_groups
from bakeoff.run.data.order import random_order
from bakeoff.run.data.timeline import forward_folds, tail
from bakeoff.run.data.types import IntArray

__all__ = [
    "Draw",
    "Sides",
    "forward_folds",
    "global_timeline",
    "holdout",
    "kfold",
    "leave_last_out",
    "nested_subset",
    "stratified_kfold",
    "tail",
    "user_random",
]


def stratified_kfold(y: IntArray, folds: int, draw: Draw, *, groups: IntArray | None = None) -> Sides:
    """One fold of a stratified K-fold; sizes, and each class's sizes, differ by at most one between folds.

    y: (n,) class codes. With `groups`, whole groups are dealt and the balance is only approximate.
    Refusal SPLIT-04 where a class has fewer rows (groups) than there are folds.
    """
    if groups is not None:
        _enough_groups(groups, folds, draw)
        shares = [1 / folds] * folds
        part = deal_groups(groups, y, shares, ("stratified-kfold", draw.seed, draw.repeat))
        return sides(part, draw.fold, draw=draw)
    _enough_rows(y, folds, draw)
    order = random_order(len(y), "stratified-kfold", draw.seed, draw.repeat)
    order = order[np.argsort(y[order], kind="stable")]
    return sides(_dealt(order, folds), draw.fold, draw=draw)


def kfold(n: int, folds: int, draw: Draw, *, groups: IntArray | None = None) -> Sides:
    """One fold of a K-fold over n rows; sizes differ by at most one, or by what whole `groups` allow."""
    if groups is not None:
        _enough_groups(groups, folds, draw)
        shares = [1 / folds] * folds
        part = deal_groups(groups, np.zeros_like(groups), shares, ("kfold", draw.seed, draw.repeat))
        return sides(part, draw.fold, draw=draw)
    if n < folds:
        raise too_few(draw, f"{n} rows do not make {folds} folds", _fewer_folds(n))
    order = random_order(n, "kfold", draw.seed, draw.repeat)
    return sides(_dealt(order, folds), draw.fold, draw=draw)


def holdout(
    n: int,
    test: float,
    draw: Draw,
    *,
    validation: float = 0.0,
    y: IntArray | None = None,
    groups: IntArray | None = None,
) -> Sides:
    """A random share `test` of n rows against the rest; `validation` of the rows stand on neither side.

    With y: stratified, the class sizes by largest remainders. With `groups`: whole groups. Refusal SPLIT-04
    where a class keeps no training row.
    """
    codes = np.zeros(n, dtype=np.int64) if y is None else y
    words = ("holdout", draw.seed, draw.repeat)
    if groups is not None:
        kept = [(0, 1 - test - validation), (1, test)] + ([(2, validation)] if validation else [])
        part = deal_groups(groups, codes, [share for _, share in kept], words)
    else:
        part = _drawn(codes, test, validation, random_order(n, *words))
    train, held_out = filled(np.flatnonzero(part == 0), np.flatnonzero(part == 1), draw)
    if y is not None and groups is None:
        _every_class_stays(y, train, draw)
    return train, held_out


def nested_subset(train: IntArray, n_train: int, draw: Draw, *, y: IntArray | None = None) -> IntArray:
    """At most n_train of the training rows, ascending: the 20 rows are among the 50, for every technique alike.

    y: (len(train),) class codes; then every class keeps its share within one row and, once n_train reaches
    the number of classes, at least one row (SPLIT-04 below that).
    """
    if n_train < 1:
        raise too_few(draw, f"a training size of {n_train}", "Use 1 or more.")
    order = random_order(len(train), "subset", draw.seed, draw.repeat, draw.fold)
    if y is not None:
        _a_row_a_class(y, n_train, draw)
        order = order[np.argsort(_turn(y, order), kind="stable")]
    return np.sort(train[order[:n_train]])


def _turn(y: IntArray, order: IntArray) -> np.ndarray:
    """When each row's turn comes: the r-th of a class with c rows at r / c, so prefixes are stratified."""
    by_class = np.argsort(y[order], kind="stable")
    counts = np.bincount(y)
    start = np.cumsum(counts) - counts
    codes = y[order][by_class]
    turn = np.empty(len(order))
    turn[by_class] = (np.arange(len(order)) - start[codes]) / counts[codes]
    return turn


def _dealt(order: IntArray, folds: int) -> IntArray:
    part = np.empty(len(order), dtype=np.int64)
    part[order] = np.arange(len(order)) % folds
    return part


def _drawn(codes: IntArray, test: float, validation: float, order: IntArray) -> IntArray:
    """Part of every row: 0 training, 1 test, 2 neither."""
    counts = np.bincount(codes)
    tests = np.minimum(_apportioned(counts, test), counts)
    others = np.minimum(_apportioned(counts, validation), counts - tests)
    order = order[np.argsort(codes[order], kind="stable")]
    ordered = codes[order]
    rank = np.arange(len(order)) - (np.cumsum(counts) - counts)[ordered]
    part = np.zeros(len(order), dtype=np.int64)
    part[order] = np.where(rank < tests[ordered], 1, np.where(rank < (tests + others)[ordered], 2, 0))
    return part


def _apportioned(counts: IntArray, share: float) -> IntArray:
    """Whole numbers near counts * share with the right total: the largest remainders are rounded up."""
    exact = counts * share
    whole: IntArray = np.floor(exact + 1e-9).astype(np.int64)
    missing = int(np.floor(counts.sum() * share + 0.5)) - int(whole.sum())
    first = np.argsort(-np.round(exact - whole, 9), kind="stable")[: max(missing, 0)]
    whole[first] += 1
    return whole


def _enough_rows(y: IntArray, folds: int, draw: Draw) -> None:
    counts = np.bincount(y)
    rarest = int(np.where(counts > 0, counts, counts.max(initial=0)).argmin())
    if counts[rarest] < folds:
        raise too_few(
            draw,
            f"class {draw.label(rarest)!r} has {counts[rarest]} rows, which do not reach into {folds} folds",
            _fewer_folds(int(counts[rarest])),
        )


def _enough_groups(groups: IntArray, folds: int, draw: Draw) -> None:
    there = len(np.unique(groups))
    if there < folds:
        raise too_few(draw, f"{there} groups do not make {folds} folds", _fewer_folds(there))


def _fewer_folds(most: int) -> str:
    if most < 2:
        return "No number of folds is legal; leave that class out, merge it, or add rows."
    return f"The largest legal number of folds is {most} (`--folds {most}`)."


def _every_class_stays(y: IntArray, train: IntArray, draw: Draw) -> None:
    there, left = np.bincount(y), np.bincount(y[train], minlength=int(y.max()) + 1)
    lost = np.flatnonzero((there > 0) & (left == 0))
    if len(lost):
        code = int(lost[0])
        raise too_few(
            draw,
            f"class {draw.label(code)!r} has {there[code]} rows and none of them stays for training",
            "Use a smaller test share, leave that class out, or add rows.",
        )


def _a_row_a_class(y: IntArray, n_train: int, draw: Draw) -> None:
    classes = int(np.count_nonzero(np.bincount(y)))
    if n_train < min(classes, len(y)):
        raise too_few(
            draw,
            f"{n_train} training rows cannot hold {classes} classes",
            f"The smallest legal training size is {classes}.",
        )
