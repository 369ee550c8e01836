"""The synthetic interactions are what they claim: learnable taste, moving popularity, and made by their code."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from bakeoff_datasets.synthetic import drift_events, drift_world

USERS, ITEMS = 800, 600


@pytest.fixture(scope="module")
def shipped() -> pd.DataFrame:
    return pd.read_csv(Path(str(files("bakeoff_datasets"))) / "data" / "synthetic-drift.csv.gz")


def test_the_code_makes_the_shipped_file(shipped: pd.DataFrame) -> None:
    made = drift_events(drift_world())
    assert len(made) == len(shipped)
    # Another machine's exp may be off in the last bit, which can turn one draw of one user.
    both = made.merge(shipped, on=["user", "item", "timestamp", "count"])
    assert len(both) >= 0.995 * len(shipped)


def test_another_seed_makes_other_events(shipped: pd.DataFrame) -> None:
    other = drift_events(drift_world(seed=1), seed=1)
    assert len(other.merge(shipped, on=["user", "item"])) < 0.3 * len(shipped)


def test_a_user_meets_an_item_at_most_once(shipped: pd.DataFrame) -> None:
    assert not shipped.duplicated(["user", "item"]).any()


def test_popularity_drifts(shipped: pd.DataFrame) -> None:
    quarters = [counts(shipped.iloc[part]) for part in np.array_split(np.arange(len(shipped)), 4)]
    near = spearmanr(quarters[0], quarters[1]).statistic
    far = spearmanr(quarters[0], quarters[3]).statistic
    assert far < 0.45 < 0.6 < near


def test_factors_beat_popularity_at_random_and_over_time(shipped: pd.DataFrame) -> None:
    rng = np.random.default_rng(0)
    for train in (rng.random(len(shipped)) < 0.8, np.arange(len(shipped)) < 0.8 * len(shipped)):
        seen, held = matrix(shipped[train]), matrix(shipped[~train])
        popularity = np.tile(seen.sum(axis=0), (USERS, 1))
        left, sizes, right = np.linalg.svd(seen, full_matrices=False)
        factors = (left[:, :8] * sizes[:8]) @ right[:8]
        assert recall(factors, seen, held) > 1.4 * recall(popularity, seen, held)


def test_counts_tell_more_than_that_there_was_an_event(shipped: pd.DataFrame) -> None:
    world = drift_world()
    taste = (world.users[shipped["user"]] * world.items[shipped["item"]]).sum(axis=1)
    assert spearmanr(taste, shipped["count"]).statistic > 0.3


def counts(events: pd.DataFrame) -> np.ndarray:
    return np.bincount(events["item"], minlength=ITEMS)


def matrix(events: pd.DataFrame) -> np.ndarray:
    made = np.zeros((USERS, ITEMS))
    made[events["user"], events["item"]] = 1
    return made


def recall(scores: np.ndarray, seen: np.ndarray, held: np.ndarray, k: int = 10) -> float:
    """Mean share of the held-out items among the best k unseen ones, over users who have both."""
    best = np.argsort(-np.where(seen > 0, -np.inf, scores), axis=1, kind="stable")[:, :k]
    hits = np.take_along_axis(held, best, axis=1).sum(axis=1)
    wanted = (held.sum(axis=1) > 0) & (seen.sum(axis=1) > 0)
    return float((hits[wanted] / np.minimum(held.sum(axis=1)[wanted], k)).mean())
