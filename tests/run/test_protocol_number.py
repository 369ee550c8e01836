"""The core's protocol has a number, which is part of every key. What a cell computes is pinned here: if this test
fails, results of before and after are not the same work. Raise PROTOCOL_NUMBER in `bakeoff/run/plan.py`, then put
the new digest here.
"""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from bakeoff.model.card import Card
from bakeoff.run.data.types import InteractionData, TableData
from bakeoff.run.encode import MatrixEncoder
from bakeoff.run.learners import top_items
from bakeoff.run.plan import PROTOCOL_NUMBER
from bakeoff.run.tasks.base import Policy
from bakeoff.run.tasks.classification import classification
from bakeoff.run.tasks.recommendation import recommendation

DIGESTS = {1: "bdba2a6d802a8f19"}


def pinned() -> str:
    """Digest of splits, encoding, messages and ranking on small fixed data. Integers and exact floats only."""
    n = np.arange(60)
    levels = pd.Categorical.from_codes(n % 3, categories=["a", "b", "c"])
    frame = pd.DataFrame({"x": np.where(n % 7 == 0, np.nan, n * 0.5), "c": levels})
    card = Card(name="t", task="classification")
    table = TableData("t", "classification", card, "f", frame, (n % 5 == 0).astype(np.int64), ("n", "y"))
    seen: list[np.ndarray] = []
    for policy in (
        Policy("stratified-kfold", {"folds": 3}),
        Policy("holdout", {"test": 0.25, "validation": 0.1}),
    ):
        split = classification.split(table, policy, 0, 0, 7, 20)
        seen += [split.train, split.test, *classification.message(table, split).values()]
        seen.append(MatrixEncoder.fit(frame.take(split.train)).transform(frame.take(split.test)))
    events = InteractionData(
        "i",
        "recommendation",
        Card(name="i", task="recommendation"),
        "g",
        n % 6,
        (n * n) % 11,
        np.ones(60, "f4"),
        tuple("abcdef"),
        tuple(map(str, range(11))),
        time=n.astype(float),
    )
    for name in ("global-timeline", "user-random", "leave-last-out"):
        parts = recommendation.split(events, Policy(name), 0, 0, 7)
        seen += [
            parts.train.toarray(),
            parts.test.toarray(),
            *recommendation.question(events, parts).values(),
        ]
    scores = (np.arange(44).reshape(4, 11) * 7 % 5).astype(float)
    seen.append(top_items(scores, csr_matrix(np.eye(4, 11)), 5)[0])
    digest = hashlib.sha256()
    for array in seen:
        digest.update(f"{array.shape}".encode() + np.ascontiguousarray(array, dtype="<f8").tobytes())
    return digest.hexdigest()[:16]


def test_what_a_cell_computes_moves_only_with_the_protocol_number():
    assert pinned() == DIGESTS[PROTOCOL_NUMBER]
