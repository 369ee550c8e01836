"""Events become codes and weights as their card says, and what is dropped is said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bakeoff.model.card import Card
from bakeoff.model.errors import DatasetError
from bakeoff.run.data.interactions import build_interactions

RAW = pd.DataFrame(
    {"u": [10, 9, 10, 2], "i": ["b", "a", "a", "c"], "w": [5.0, 1.0, 4.0, 3.0], "t": [30, 10, 20, 40]}
)


def card(**roles: object) -> Card:
    return Card(name="lab", task="recommendation", user="u", item="i", **roles)  # type: ignore[arg-type]


def test_codes_follow_the_order_of_the_ids_and_events_keep_theirs() -> None:
    data = build_interactions(RAW, card(weight="w", time="t"))
    assert data.user_ids == ("2", "9", "10")
    assert data.item_ids == ("a", "b", "c")
    assert data.users.tolist() == [2, 1, 2, 0]
    assert data.items.tolist() == [1, 0, 0, 2]
    assert data.time is not None
    assert data.time.tolist() == [30, 10, 20, 40]
    assert (data.users.dtype, data.items.dtype, data.weights.dtype) == (np.int64, np.int64, np.float32)


def test_counts_stay_without_a_threshold() -> None:
    assert build_interactions(RAW, card(weight="w")).weights.tolist() == [5, 1, 4, 3]


def test_without_weights_every_event_counts_one() -> None:
    assert build_interactions(RAW, card()).weights.tolist() == [1, 1, 1, 1]


def test_a_threshold_keeps_positive_events_and_forgets_their_stars() -> None:
    data = build_interactions(RAW, card(weight="w", threshold=4))
    assert data.weights.tolist() == [1, 1]
    assert (data.user_ids, data.item_ids) == (("10",), ("a", "b"))
    assert data.notes == ("kept 2 of 4 events with w >= 4; each counts 1",)


def test_incomplete_events_are_dropped_and_noted() -> None:
    raw = RAW.assign(w=[5.0, np.nan, np.inf, 3.0], i=["b", "a", "a", None])
    data = build_interactions(raw, card(weight="w", time="t"))
    assert data.n_rows == 1
    assert data.notes == ("dropped 3 of 4 events: user, item, weight or time is missing",)


def test_a_threshold_above_all_weights_leaves_nothing() -> None:
    with pytest.raises(DatasetError, match="lab has no events left: kept 0 of 4 events with w >= 6"):
        build_interactions(RAW, card(weight="w", threshold=6))


def test_a_missing_column_is_named_with_the_nearest() -> None:
    with pytest.raises(DatasetError, match=r"no column 'item' \(item\)"):
        build_interactions(RAW, Card(name="lab", task="recommendation", user="u", item="item"))


def test_no_events_are_refused() -> None:
    with pytest.raises(DatasetError, match="lab has no rows"):
        build_interactions(RAW.head(0), card())
