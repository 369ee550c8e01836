"""Item-based nearest neighbours on the core dependencies alone.

An item is described by its column of (weighted) users; each item a user has votes, with the user's weight, for
its `neighbours` most similar items (Deshpande and Karypis 2004). The three similarities are those of the library
implicit, and the scores are equal to its scores (tests/recsys holds them together); this module does the same with
scipy because implicit hands out only a top-N list, ties in heap order, and because a plain baseline should not
need an extra: it is in `quick` on the core dependencies.

It does not mask seen items; the harness does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags_array, vstack

from bakeoff_recsys.matrix import at_least, canonical

SIMILARITIES = ("cosine", "tfidf", "bm25")

#: Cells of one dense block of the similarity matrix (doubles: 16 MiB).
_BLOCK_CELLS = 2_097_152


class ItemKNN:
    """score(u, j) = sum over items i of u: weight(u, i) * similarity(i, j), j among the neighbours of i.

    similarity: `cosine` of the raw weights; `tfidf`: cosine of sqrt(weight) * idf(user); `bm25`: the inner product of
    BM25 weights. Items take the part of documents, users that of terms: idf(user) = ln(n_items / (1 + items of the
    user)). neighbours: kept for each item, the item itself among them as in implicit. k1, b: BM25's saturation and
    length normalisation (the item's total weight against the mean), read by `bm25` only.
    """

    def __init__(
        self, similarity: str = "cosine", neighbours: int = 20, k1: float = 1.2, b: float = 0.75
    ) -> None:
        if similarity not in SIMILARITIES:
            raise ValueError(f"similarity must be one of {', '.join(SIMILARITIES)}, not {similarity!r}")
        at_least("neighbours", neighbours, 1)
        at_least("k1", k1, 0)
        at_least("b", b, 0)
        at_least("1 - b", 1 - b, 0)
        self.similarity, self.neighbours, self.k1, self.b = similarity, int(neighbours), k1, b
        self.interactions: Any = None
        self.similar: Any = None
        self.diagnostics_: dict[str, float] = {}

    def fit(self, interactions: Any) -> ItemKNN:
        """Learn the similarity matrix, `neighbours` entries an item; interactions (n_users, n_items)."""
        self.interactions = canonical(interactions)
        self.similar = nearest(self._weighted(self.interactions), self.neighbours)
        self.diagnostics_ = {"similarities": float(self.similar.nnz)}
        return self

    def _weighted(self, matrix: csr_matrix) -> csr_matrix:
        if self.similarity == "bm25":
            return _bm25(matrix, self.k1, self.b)
        if self.similarity == "tfidf":
            return _unit_columns(csr_matrix(diags_array(_idf(matrix)) @ matrix.sqrt()))
        return _unit_columns(matrix)

    def score_items(self, users: np.ndarray) -> np.ndarray:
        """Return the summed votes, shape (len(users), n_items); 0 for users and items without a vote."""
        votes: np.ndarray = (self.interactions[users] @ self.similar).toarray()
        return votes


def nearest(weighted: csr_matrix, neighbours: int) -> csr_matrix:
    """Inner products of the columns of `weighted` (n_users, n_items), the largest `neighbours` kept in each row.

    Equal similarities at the edge go to the smaller item id, whatever sorting a machine uses. Returns CSR
    (n_items, n_items) without zeros.
    """
    by_item = weighted.T.tocsr()
    n_items = by_item.shape[0]
    step = max(1, _BLOCK_CELLS // n_items)
    blocks = [
        _largest((by_item[start : start + step] @ weighted).toarray(), neighbours)
        for start in range(0, n_items, step)
    ]
    return csr_matrix(vstack(blocks))


def _largest(block: np.ndarray, k: int) -> csr_matrix:
    if k < block.shape[1]:
        edge = np.partition(block, -k, axis=1)[:, -k][:, None]
        above, level = block > edge, block == edge
        room = k - above.sum(axis=1, keepdims=True)
        block = np.where(above | (level & (np.cumsum(level, axis=1) <= room)), block, 0.0)
    return csr_matrix(block)


def _bm25(matrix: csr_matrix, k1: float, b: float) -> csr_matrix:
    length = np.asarray(matrix.sum(axis=0)).ravel()
    norm = (1 - b) + b * length / length.mean()
    weighted = matrix.copy()
    weighted.data = matrix.data * (k1 + 1) / (k1 * norm[matrix.indices] + matrix.data)
    return csr_matrix(diags_array(_idf(matrix)) @ weighted)


def _idf(matrix: csr_matrix) -> np.ndarray:
    degrees = np.diff(matrix.indptr)
    weights: np.ndarray = np.log(matrix.shape[1]) - np.log1p(degrees)
    return weights


def _unit_columns(matrix: csr_matrix) -> csr_matrix:
    """Scale columns to length 1. A column whose weights are all 0 (its users own nearly everything) stays 0."""
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=0)).ravel())
    scale = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return csr_matrix(matrix @ diags_array(scale))
