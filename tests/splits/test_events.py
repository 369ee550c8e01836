"""Splits of interactions: who is held out, and when."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from bakeoff.model.errors import Refusal
from bakeoff.run.data.splits import Draw, global_timeline, leave_last_out, user_random


@st.composite
def drawn_events(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    """Events (user, item, time) with repeats and ties; user 0 has nine items, so that some are held out."""
    one = st.tuples(st.integers(0, 6), st.integers(0, 12), st.integers(0, 40))
    return [(0, item, item) for item in range(9)] + draw(st.lists(one, min_size=20, max_size=100))


EVENTS = drawn_events()


def columns(events: list[tuple[int, int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    users, items, time = (np.array(column) for column in zip(*events, strict=True))
    return users, items, time.astype(np.float64)


@given(EVENTS)
def test_the_global_timeline_is_one_order_for_everybody(events) -> None:
    _, _, time = columns(events)
    try:
        train, test = global_timeline(time, Draw(), validation=0.2, test=0.2)
    except Refusal:  # too many equal times: tested below
        reject()
    validation = np.setdiff1d(np.arange(len(time)), np.concatenate([train, test]))
    assert time[train].max() < time[test].min()
    assert not np.isin(time[validation], time[test]).any()
    assert not np.isin(time[validation], time[train]).any()


def test_the_global_timeline_has_the_shares_asked_for_where_times_differ() -> None:
    train, test = global_timeline(np.random.default_rng(0).permutation(1000) * 1.0, Draw())
    assert (len(train), len(test)) == (800, 100)


@given(EVENTS, st.sampled_from([0.1, 0.2, 0.5]), st.integers(0, 99))
def test_user_random_holds_out_a_rounded_share_of_each_users_items(events, share, seed) -> None:
    users, items, _ = columns(events)
    train, test = user_random(users, items, Draw(seed), test=share)
    assert sorted(np.concatenate([train, test])) == list(range(len(users)))
    for user in np.unique(users):
        pairs = len(np.unique(items[users == user]))
        held = len(np.unique(items[test][users[test] == user]))
        assert held == min(int(pairs * share + 0.5), pairs - 1)


@given(EVENTS, st.integers(0, 99))
def test_user_random_never_parts_the_events_of_one_pair(events, seed) -> None:
    users, items, _ = columns(events)
    keys = users * 100 + items
    train, test = user_random(users, items, Draw(seed), test=0.3)
    assert not np.intersect1d(keys[train], keys[test]).size


def test_user_random_depends_on_seed_and_repeat() -> None:
    users, items = np.repeat(np.arange(10), 20), np.tile(np.arange(20), 10)
    first = user_random(users, items, Draw(0))[1].tolist()
    assert first == user_random(users, items, Draw(0))[1].tolist()
    assert first != user_random(users, items, Draw(1))[1].tolist()
    assert first != user_random(users, items, Draw(0, 1))[1].tolist()


@given(EVENTS)
def test_leave_last_out_takes_the_latest_event_of_users_with_two(events) -> None:
    users, _, time = columns(events)
    train, test = leave_last_out(users, time, Draw())
    assert sorted(np.concatenate([train, test])) == list(range(len(users)))
    many = [u for u in np.unique(users) if (users == u).sum() > 1]
    assert sorted(users[test]) == many
    for row in test:
        mine = np.flatnonzero(users == users[row])
        assert time[row] == time[mine].max()
        assert row == mine[time[mine] == time[row]].max()


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("global-timeline", lambda: global_timeline(None, Draw())),
        ("leave-last-out", lambda: leave_last_out(np.zeros(3, dtype=np.int64), None, Draw())),
    ],
)
def test_split_02_refuses_a_timeline_without_times(name: str, call) -> None:
    with pytest.raises(Refusal, match=name) as caught:
        call()
    assert caught.value.code == "SPLIT-02"
    assert "user-random" in caught.value.hint
