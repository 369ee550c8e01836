"""Metrics of top-k lists. Every function takes `(lists, k)`, the signature of plugin metrics too; k is the
number after `@` in the metric's name. It returns a finite float or raises `Undefined`.

n is a user's number of relevant items. Users without any are excluded by `judge`, never counted as 0.
Full catalogue, no sampling. Tested against pytrec_eval.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.metrics.base import Bundle, Undefined, collect

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True, slots=True)
class Lists:
    """Judged recommendations of u users.

    items: (u, width) int64, best first, -1 where a list ended. hits: (u, width) bool, the item is relevant.
    relevant: (u,) int64 >= 1, the user's n. popularity: (n_items,) int64, training users of each item.
    """

    items: np.ndarray
    hits: np.ndarray
    relevant: np.ndarray
    popularity: np.ndarray

    @property
    def n_items(self) -> int:
        """Size of the catalogue."""
        return len(self.popularity)


def judge(items: np.ndarray, relevant: csr_matrix, popularity: np.ndarray) -> Lists:
    """Look every recommended item up among the user's relevant ones.

    items: (u, width) int ids or -1; relevant: (u, n_items) CSR, its non-empty entries are what counts;
    popularity: (n_items,) training users. Users without relevant items are left out.
    """
    sizes = np.diff(relevant.indptr).astype(np.int64)
    rows = np.flatnonzero(sizes)
    catalogue = relevant.shape[1]
    owner = np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)
    wanted = np.sort(owner * catalogue + relevant.indices)
    lists = np.asarray(items, dtype=np.int64)[rows]
    asked = rows[:, None] * catalogue + lists
    place = np.minimum(np.searchsorted(wanted, asked), max(len(wanted) - 1, 0))
    hits = (wanted[place] == asked) & (lists >= 0) if len(rows) else np.zeros(lists.shape, dtype=bool)
    return Lists(lists, hits, sizes[rows], np.asarray(popularity, dtype=np.int64))


def _hits(lists: Lists, k: int) -> np.ndarray:
    """The first k columns, checked: a cut beyond the list or the catalogue would be silently wrong."""
    if not len(lists.items):
        raise Undefined("no user is evaluated")
    if not 1 <= k <= lists.items.shape[1]:
        raise Undefined(f"k = {k}, but the lists hold {lists.items.shape[1]} items")
    if k > lists.n_items:
        raise Undefined(f"k = {k} is greater than the {lists.n_items} candidates of the catalogue")
    return lists.hits[:, :k]


def _shown(lists: Lists, k: int) -> np.ndarray:
    """Ids in the first k columns of all lists, flat, without padding."""
    _hits(lists, k)
    flat = lists.items[:, :k].ravel()
    flat = flat[flat >= 0]
    if not len(flat):
        raise Undefined("nothing was recommended")
    return flat


def ndcg(lists: Lists, k: int) -> float:
    """DCG / ideal DCG, mean over users; DCG = sum over ranks r <= k with a hit of 1 / log2(r + 1), the ideal
    has hits at ranks 1..min(n, k). max, 0..1. Järvelin & Kekäläinen (2002), binary gains.
    """
    hits = _hits(lists, k)
    discounts = 1 / np.log2(np.arange(2, k + 2))
    ideal = np.cumsum(discounts)[np.minimum(lists.relevant, k) - 1]
    return float(((hits @ discounts) / ideal).mean())


def recall(lists: Lists, k: int) -> float:
    """Hits in the first k / n, mean over users. max, 0..1; a user with n > k cannot reach 1."""
    return float((_hits(lists, k).sum(axis=1) / lists.relevant).mean())


def recall_min(lists: Lists, k: int) -> float:
    """Hits in the first k / min(n, k), mean over users. max, 0..1; a perfect list always reaches 1."""
    return float((_hits(lists, k).sum(axis=1) / np.minimum(lists.relevant, k)).mean())


def precision(lists: Lists, k: int) -> float:
    """Hits in the first k / k, mean over users; a list that ended early is not forgiven. max, 0..1."""
    return float(_hits(lists, k).mean())


def map(lists: Lists, k: int) -> float:
    """Sum over ranks r <= k with a hit of (hits in the first r) / r, over min(n, k); mean over users. max, 0..1.

    TREC's `map_cut` divides by n instead, so that a perfect list of a user with n > k stays below 1.
    """
    hits = _hits(lists, k)
    at_rank = np.cumsum(hits, axis=1) / np.arange(1, k + 1)
    return float(((at_rank * hits).sum(axis=1) / np.minimum(lists.relevant, k)).mean())


def mrr(lists: Lists, k: int) -> float:
    """1 / rank of the first hit within k, 0 without one; mean over users. max, 0..1. Voorhees (1999)."""
    hits = _hits(lists, k)
    return float((hits.any(axis=1) / (1 + hits.argmax(axis=1))).mean())


def hit(lists: Lists, k: int) -> float:
    """Share of users with at least one hit in the first k. max, 0..1."""
    return float(_hits(lists, k).any(axis=1).mean())


def coverage(lists: Lists, k: int) -> float:
    """Distinct items in anybody's first k / items of the catalogue. max, 0..1."""
    return len(np.unique(_shown(lists, k))) / lists.n_items


def popularity(lists: Lists, k: int) -> float:
    """Mean number of training users of an item in the first k, over all places filled. min, 0 upwards."""
    return float(lists.popularity[_shown(lists, k)].mean())


def gini(lists: Lists, k: int) -> float:
    """Gini index of how often each item of the catalogue stands in a first k, never shown ones included:
    sum over ascending counts x_i of (2 i - m - 1) x_i / (m sum x), i = 1..m. min, 0 (all alike)..1.
    """
    times = np.sort(np.bincount(_shown(lists, k), minlength=lists.n_items)).astype(np.float64)
    m = len(times)
    return float((2 * np.arange(1, m + 1) - m - 1) @ times / (m * times.sum()))


FUNCTIONS: Mapping[str, Callable[[Lists, int], float]] = {
    f.__name__: f for f in (ndcg, recall, recall_min, precision, map, mrr, hit, coverage, popularity, gini)
}


def bundle(lists: Lists, cuts: Mapping[str, tuple[str, int]]) -> Bundle:
    """Compute {metric name: (function name, k)}."""
    return collect({name: _bound(lists, *cut) for name, cut in cuts.items()})


def _bound(lists: Lists, function: str, k: int) -> Callable[[], float]:
    return lambda: FUNCTIONS[function](lists, k)
