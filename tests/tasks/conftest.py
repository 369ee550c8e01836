"""Small tables and interactions, built as loading would build them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from bakeoff.model.card import Card
from bakeoff.run.data.types import InteractionData, TableData


def build_table(
    target: np.ndarray,
    classes: tuple[str, ...] = (),
    *,
    groups: np.ndarray | None = None,
    time: np.ndarray | None = None,
) -> TableData:
    """A table with one numeric column (one value missing) and one nominal column."""
    n = len(target)
    values = np.arange(n, dtype=np.float64)
    values[0] = np.nan
    frame = pd.DataFrame({"a": values, "b": pd.Categorical(np.where(np.arange(n) % 2, "x", "y"))})
    task = "classification" if classes else "regression"
    card = Card(
        name="toy",
        task=task,
        target="y",
        groups=None if groups is None else "site",
        time=None if time is None else "day",
    )
    return TableData("toy", task, card, "f" * 16, frame, target, classes, groups, time)


def build_events(
    events: list[tuple[int, int, float]],
    n_users: int,
    n_items: int,
    *,
    weights: list[float] | None = None,
    weight: str | None = None,
    threshold: float | None = None,
    timed: bool = True,
) -> InteractionData:
    """Events (user, item, time) in file order."""
    users, items, time = (np.array(column) for column in zip(*events, strict=True))
    card = Card(
        name="plays",
        task="recommendation",
        user="u",
        item="i",
        time="t" if timed else None,
        weight=weight,
        threshold=threshold,
    )
    return InteractionData(
        "plays",
        "recommendation",
        card,
        "f" * 16,
        users.astype(np.int64),
        items.astype(np.int64),
        np.array(weights if weights is not None else np.ones(len(events)), dtype=np.float32),
        tuple(f"u{u}" for u in range(n_users)),
        tuple(f"i{i}" for i in range(n_items)),
        time.astype(np.float64) if timed else None,
    )


@pytest.fixture
def make_table() -> Callable[..., TableData]:
    """Build a table: `make_table(target, classes, groups=, time=)`."""
    return build_table


@pytest.fixture
def make_events() -> Callable[..., InteractionData]:
    """Build interactions: `make_events([(user, item, time), ...], n_users, n_items, weights=, ...)`."""
    return build_events


@pytest.fixture
def binary() -> TableData:
    """40 rows, a quarter positive."""
    return build_table((np.arange(40) % 4 == 0).astype(np.int64), ("no", "yes"))


@pytest.fixture
def three() -> TableData:
    """60 rows of three classes."""
    return build_table(np.arange(60, dtype=np.int64) % 3, ("a", "b", "c"))


@pytest.fixture
def numbers() -> TableData:
    """50 rows with a numeric target."""
    return build_table(np.linspace(-3, 3, 50) ** 3)


@pytest.fixture
def plays() -> InteractionData:
    """30 users, 40 items, 1,500 events in random order of time, some pairs repeated."""
    rng = np.random.default_rng(0)
    users, items = rng.integers(0, 30, 1500), (40 * rng.random(1500) ** 2).astype(int)
    return build_events(list(zip(users, items, rng.permutation(1500) * 3600.0, strict=True)), 30, 40)
