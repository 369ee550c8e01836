"""Interactions whose truth is known: taste from few factors, popularity that drifts, counts as weights.

A user's next event is drawn among the items not yet seen, with probability proportional to
exp(popularity of the item at that time + taste). Taste is the product of a user's and an item's factors, so a
factor model must find what popularity cannot; popularity moves, so that a split by time differs from one at
random. Everything follows from the seed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

SEED = 20240229
#: The first second of the synthetic calendar (2022-01-01 UTC) and its length (two years).
START, SPAN = 1_640_995_200, 63_072_000


@dataclass(frozen=True, slots=True)
class World:
    """The truth behind the events.

    users (n_users, factors) and items (n_items, factors): their product is the taste, in log-odds.
    base (n_items,): popularity all the time. peak, lift (n_items,): when (0 to 1) and how much it rises.
    """

    users: np.ndarray
    items: np.ndarray
    base: np.ndarray
    peak: np.ndarray
    lift: np.ndarray

    def popularity(self, when: np.ndarray) -> np.ndarray:
        """Log-popularity of every item, shape (len(when), n_items), at times between 0 and 1."""
        waves = np.exp(-((when[:, None] - self.peak[None, :]) ** 2) / (2 * 0.18**2))
        return np.asarray(self.base[None, :] + self.lift[None, :] * waves)


def drift_world(seed: int = SEED, n_users: int = 800, n_items: int = 600, factors: int = 6) -> World:
    """Draw the truth."""
    rng = np.random.default_rng([seed, 0])
    # Tastes are sparse and positive: each user likes one or two kinds, each item is of one or two.
    users = rng.dirichlet(np.full(factors, 0.25), size=n_users)
    items = rng.dirichlet(np.full(factors, 0.25), size=n_items)
    return World(
        users=users * 5.0,
        items=items,
        base=rng.normal(0.0, 0.7, n_items),
        peak=rng.uniform(-0.1, 1.1, n_items),
        lift=rng.gamma(2.0, 0.6, n_items),
    )


def drift_events(world: World, seed: int = SEED, mean_events: float = 55.0) -> pd.DataFrame:
    """Draw events: user, item, count, timestamp, in order of time; a user meets an item at most once."""
    rng = np.random.default_rng([seed, 1])
    n_users, n_items = len(world.users), len(world.items)
    # The mean of this log-normal is `mean_events`; nobody meets more than a third of the catalogue.
    activity = np.exp(rng.normal(np.log(mean_events) - 0.18, 0.6, n_users)).astype(int)
    activity = np.clip(activity, 12, n_items // 3)
    parts = [_history(world, user, int(count), rng) for user, count in enumerate(activity)]
    events = pd.concat(parts, ignore_index=True)
    return events.sort_values(["timestamp", "user", "item"], ignore_index=True)


def _history(world: World, user: int, n_events: int, rng: np.random.Generator) -> pd.DataFrame:
    # Nobody is there for the whole time: each user has a window of a third of it at least.
    begin = rng.uniform(-0.2, 0.6)
    when = np.sort(rng.uniform(max(begin, 0.0), min(begin + 0.55, 1.0), n_events))
    taste = world.items @ world.users[user]
    # The largest of scores plus Gumbel noise is a draw in proportion to their exponentials.
    scores = world.popularity(when) + taste + rng.gumbel(size=(n_events, len(taste)))
    chosen = np.empty(n_events, dtype=np.int64)
    for place in range(n_events):
        chosen[place] = scores[place].argmax()
        scores[:, chosen[place]] = -np.inf
    counts = 1 + rng.poisson(np.exp(0.6 * taste[chosen] - 1.0))
    seconds = START + np.floor(when * SPAN).astype(np.int64)
    return pd.DataFrame({"user": user, "item": chosen, "count": counts, "timestamp": seconds})
