"""Golden: movielens-100k as others have published it. `benchmarks/published_recsys.py` prints the whole table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bakeoff.discovery import load_catalog
from bakeoff.run.data.open import open_dataset
from bakeoff.run.learners import RecommenderChain
from bakeoff.run.tasks.base import Policy
from bakeoff.run.tasks.recommendation import recommendation
from bakeoff_recsys.baselines import Popularity
from bakeoff_recsys.ease import EASE


@pytest.mark.network
@pytest.mark.slow
def test_popularity_and_ease_reach_published_ndcg() -> None:
    """Ten random 80/20 splits within each user: one split alone moves by .005."""
    catalog = load_catalog()
    data = open_dataset("movielens-100k", catalog)
    found = {
        name: np.mean([ndcg(catalog, data, make(), repeat) for repeat in range(10)])
        for name, make in {"popularity": Popularity, "ease": lambda: EASE(l2=800)}.items()
    }
    assert found["popularity"] == pytest.approx(0.220, abs=0.005)
    assert found["ease"] == pytest.approx(0.432, abs=0.01)


def ndcg(catalog: Any, data: Any, learner: Any, repeat: int) -> float:
    split = recommendation.split(data, Policy("user-random", {"test": 0.2}), repeat, 0, seed=0)
    chain = RecommenderChain([learner])
    chain.fit(split.train)
    asked = recommendation.question(data, split)
    output = recommendation.validate(data, split, chain.predict(asked["users"], int(asked["k"][0])))
    score = recommendation.score(data, split, output, [catalog.metrics["ndcg@10"].spec]).metrics["ndcg@10"]
    assert score is not None
    return score
