"""Small tables for the tabular techniques, and the learners as the harness builds them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bakeoff_tabular.manifest import bakeoff_techniques

TECHNIQUES = {t.name: t for t in bakeoff_techniques()}

#: Enough training to learn something, and no more: the tests are about behaviour, not scores.
SHORT: Mapping[str, Mapping[str, Any]] = {
    "random-forest": {"n_estimators": 20},
    "hist-gbm": {"max_iter": 20},
    "xgboost": {"n_estimators": 20},
    "mlp": {"hidden": [16]},
    "ft-transformer": {"preset": "fast", "d_token": 16, "max_epochs": 15},
}


def make(name: str, task: str, seed: int = 0, **params: Any) -> Any:
    """Build a learner from its registration, as a worker does."""
    spec = TECHNIQUES[name]
    module, _, attribute = spec.implementations[task].partition(":")
    seeded = {spec.seed_param: seed} if spec.seed_param else {}
    return getattr(import_module(module), attribute)(**{**spec.params, **seeded, **params})


@pytest.fixture
def short() -> Callable[..., Any]:
    """`short(name, task)`: a learner with little training."""
    return lambda name, task, seed=0, **params: make(name, task, seed, **{**SHORT.get(name, {}), **params})


@pytest.fixture
def registered() -> Callable[..., Any]:
    """`registered(name, task)`: a learner with its registered parameters."""
    return make


@pytest.fixture
def mixed() -> pd.DataFrame:
    """240 rows: two numeric columns (one with gaps), two nominal ones (one with gaps)."""
    rng = np.random.default_rng(0)
    n = 240
    size = rng.normal(size=n)
    income = np.exp(rng.normal(size=n))
    income[rng.random(n) < 0.2] = np.nan
    colour = pd.Categorical(rng.choice(["blue", "green", "red"], n))
    town = rng.choice(np.array(["a", "b", None], dtype=object), n)
    return pd.DataFrame({"size": size, "income": income, "colour": colour, "town": pd.Categorical(town)})


@pytest.fixture
def labels(mixed: pd.DataFrame) -> np.ndarray:
    """Three classes which the inputs tell: codes 0, 1, 2."""
    score = mixed["size"].to_numpy() + (mixed["colour"] == "red").to_numpy()
    return np.digitize(score, [-0.3, 0.8])


@pytest.fixture
def numbers(mixed: pd.DataFrame) -> np.ndarray:
    """A number which the inputs tell, far from zero mean and unit scale."""
    return 1000 + 50 * (mixed["size"].to_numpy() + 2 * (mixed["colour"] == "red").to_numpy())
