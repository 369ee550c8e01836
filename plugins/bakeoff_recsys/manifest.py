"""Registers the recommenders and the suite `als-vs-bpr`. Light: what is named here is imported in a worker only.

Parameters stand here in full, so that a record carries them and a change of a library's default cannot slip in.
"""

from __future__ import annotations

from bakeoff.api import Suite, Technique, hookimpl

BAKEOFF_API = 1

_TASK = "recommendation"
_INSTALL = "pip install 'bakeoff[recsys]'"

_BASELINES = (
    Technique(
        name="random",
        implementations={_TASK: "bakeoff_recsys.baselines:Random"},
        summary="uniform random scores, a stream for each user",
        cost=0.02,
        tags=("baseline",),
    ),
    Technique(
        name="popularity",
        implementations={_TASK: "bakeoff_recsys.baselines:Popularity"},
        summary="items by their number of users, the same for everybody",
        cost=0.01,
        seed_param=None,
        tags=("baseline",),
    ),
)

_ITEM_BASED = (
    Technique(
        name="item-knn",
        implementations={_TASK: "bakeoff_recsys.knn:ItemKNN"},
        summary="item-based neighbours; similarity = cosine, tfidf or bm25",
        cost=0.02,
        params={"similarity": "cosine", "neighbours": 20, "k1": 1.2, "b": 0.75},
        seed_param=None,
        libraries=("scipy",),
        uses_weights=True,
        tags=("neighbours",),
        source="Deshpande and Karypis 2004, Item-based top-N recommendation algorithms",
    ),
    Technique(
        name="ease",
        implementations={_TASK: "bakeoff_recsys.ease:EASE"},
        summary="linear autoencoder in closed form; l2 is the paper's lambda",
        cost=0.03,
        params={"l2": 250.0},
        seed_param=None,
        libraries=("scipy",),
        uses_weights=True,
        tags=("linear",),
        source="Steck 2019, arXiv:1905.03375; default l2 as in RecBole",
    ),
)

_FACTORS = (
    Technique(
        name="als",
        implementations={_TASK: "bakeoff_recsys.als:ALS"},
        summary="alternating least squares on confidence weights (implicit)",
        cost=0.06,
        params={"factors": 100, "regularization": 0.01, "alpha": 1.0, "iterations": 15},
        requires=("implicit",),
        install=_INSTALL,
        uses_weights=True,
        tags=("factors",),
        source="Hu, Koren and Volinsky 2008; defaults of implicit",
    ),
    Technique(
        name="bpr",
        implementations={_TASK: "bakeoff_recsys.bpr:BPR"},
        summary="Bayesian personalised ranking, uniform negatives",
        cost=0.14,
        params={"factors": 100, "learning_rate": 0.01, "regularization": 0.01, "iterations": 100},
        requires=("numba",),
        install=_INSTALL,
        tags=("factors",),
        source="Rendle et al. 2009, arXiv:1205.2618; settings of implicit's BPR",
    ),
    Technique(
        name="bpr-implicit",
        implementations={_TASK: "bakeoff_recsys.implicit_bpr:ImplicitBPR"},
        summary="implicit's BPR: draws negatives by popularity, which understates BPR",
        cost=0.14,
        params={"factors": 100, "learning_rate": 0.01, "regularization": 0.01, "iterations": 100},
        requires=("implicit",),
        install=_INSTALL,
        tags=("factors",),
        source="implicit.bpr, with its defaults",
    ),
    Technique(
        name="lmf",
        implementations={_TASK: "bakeoff_recsys.lmf:LMF"},
        summary="logistic matrix factorisation (implicit)",
        cost=0.1,
        params={
            "factors": 30,
            "learning_rate": 1.0,
            "regularization": 0.6,
            "iterations": 30,
            "negatives": 30,
        },
        requires=("implicit",),
        install=_INSTALL,
        uses_weights=True,
        tags=("factors",),
        source="Johnson 2014, Logistic matrix factorization for implicit feedback data; defaults of implicit",
    ),
)


@hookimpl
def bakeoff_techniques() -> tuple[Technique, ...]:
    """Baselines, item-based models, factor models."""
    return (*_BASELINES, *_ITEM_BASED, *_FACTORS)


@hookimpl
def bakeoff_suites() -> list[Suite]:
    """The suite of the first of the ten topics."""
    return [
        Suite(
            name="als-vs-bpr",
            path="bakeoff_recsys:suites/als-vs-bpr.toml",
            summary="recommendation from implicit feedback: ALS or BPR, and do they beat plain methods?",
        )
    ]
