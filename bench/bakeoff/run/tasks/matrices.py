"""From events to the two matrices of a split, and who can be evaluated on them. Scores nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from bakeoff.model.errors import Refusal
from bakeoff.run.data.order import random_order
from bakeoff.run.data.types import IntArray, InteractionData


def matrices(
    data: InteractionData, train_events: IntArray, test_events: IntArray
) -> tuple[csr_matrix, csr_matrix]:
    """(train, test), both (n_users, n_items) float32: events of one pair summed, pairs of train not in test."""
    train, test = _matrix(data, train_events), _matrix(data, test_events)
    known = np.isin(_keys(test), _keys(train), assume_unique=True)
    return train, _kept(test, ~known)


def capped(train: csr_matrix, n_train: int, *words: str | int) -> csr_matrix:
    """At most n_train of the training pairs, nested: a smaller number keeps a subset of a larger one's pairs."""
    chosen = np.zeros(train.nnz, dtype=bool)
    chosen[random_order(train.nnz, "subset", *words)[:n_train]] = True
    return _kept(train, chosen)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Who is scored on what.

    users: (u,) codes, ascending: warm (a training event) with at least one relevant item.
    relevant: (u, n_items), their held-out items which occur in training; nobody can know the others.
    cold: (c,) users with held-out items and no training event. cold_relevant: (c, n_items), as above.
    held_out_users, held_out_pairs: of all users; cold_pairs: held-out pairs whose item is not in training.
    popularity: (n_items,) training users by item.
    """

    users: IntArray
    relevant: csr_matrix
    cold: IntArray
    cold_relevant: csr_matrix
    held_out_users: int
    held_out_pairs: int
    cold_pairs: int
    popularity: IntArray


def evaluated(train: csr_matrix, test: csr_matrix) -> Evaluated:
    """Take warm and cold, users and items, apart."""
    popularity = np.bincount(train.indices, minlength=train.shape[1])
    warm_item = popularity[test.indices] > 0
    relevant = _kept(test, warm_item)
    warm_user = np.diff(train.indptr) > 0
    asked = np.diff(test.indptr) > 0
    users = np.flatnonzero(warm_user & (np.diff(relevant.indptr) > 0))
    cold = np.flatnonzero(~warm_user & asked)
    return Evaluated(
        users=users,
        relevant=relevant[users],
        cold=cold,
        cold_relevant=relevant[cold],
        held_out_users=int(asked.sum()),
        held_out_pairs=int(test.nnz),
        cold_pairs=int(np.count_nonzero(~warm_item)),
        popularity=popularity,
    )


def refuse_cold(train: csr_matrix, users: IntArray, where: str) -> None:
    """Refuse to ask a technique for users it has no training event of (Refusal REC-04)."""
    cold = users[np.diff(train.indptr)[users] == 0]
    if len(cold):
        raise Refusal(
            "REC-04",
            f"{where}: {len(cold)} of {len(users)} users have no training event, the first is user {cold[0]}; "
            "factors would rank items by accident for them.",
            hint="Ask for warm users only; cold users are scored apart, with the popularity fallback.",
        )


def _matrix(data: InteractionData, events: IntArray) -> csr_matrix:
    shape = (len(data.user_ids), len(data.item_ids))
    entries = (data.weights[events].astype(np.float32), (data.users[events], data.items[events]))
    matrix = csr_matrix(entries, shape=shape)
    matrix.sum_duplicates()
    return matrix


def _rows(matrix: csr_matrix) -> IntArray:
    return np.repeat(np.arange(matrix.shape[0], dtype=np.int64), np.diff(matrix.indptr))


def _keys(matrix: csr_matrix) -> IntArray:
    return np.asarray(_rows(matrix) * matrix.shape[1] + matrix.indices)


def _kept(matrix: csr_matrix, chosen: np.ndarray) -> csr_matrix:
    """The matrix with the chosen stored entries only."""
    indptr = np.concatenate([[0], np.cumsum(chosen)])[matrix.indptr].astype(matrix.indptr.dtype)
    return csr_matrix((matrix.data[chosen], matrix.indices[chosen], indptr), shape=matrix.shape)
