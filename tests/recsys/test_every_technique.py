"""What holds for every registered recommender, built as a worker builds it: from the manifest."""

from __future__ import annotations

import importlib
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from bakeoff.api import Technique
from bakeoff_recsys.manifest import bakeoff_techniques

ALL = {technique.name: technique for technique in bakeoff_techniques()}
every = pytest.mark.parametrize("name", ALL)

EDGES = {
    "one user": [[1, 0, 1, 0]],
    "one item": [[1], [0], [1]],
    "one interaction": [[0, 0], [0, 1]],
    "everybody has everything": [[1, 1, 1], [1, 1, 1]],
    "users and items without any": [[0, 0, 0, 0], [1, 0, 0, 1], [0, 0, 0, 0], [1, 0, 0, 0]],
    "integer counts": [[3, 0, 2], [0, 5, 1]],
}


def make(technique: Technique, seed: int = 0, **changes: Any) -> Any:
    module, _, attribute = technique.implementations["recommendation"].partition(":")
    params = {**technique.params, **changes}
    if technique.seed_param:
        params[technique.seed_param] = seed
    return getattr(importlib.import_module(module), attribute)(**params)


@every
@pytest.mark.parametrize("edge", EDGES)
def test_edge_matrices_give_finite_scores_of_the_right_shape(name: str, edge: str) -> None:
    matrix = csr_matrix(np.array(EDGES[edge]))
    matrix.indices, matrix.indptr = matrix.indices.astype(np.int64), matrix.indptr.astype(np.int64)
    scores = make(ALL[name]).fit(matrix).score_items(np.arange(matrix.shape[0]))
    assert scores.shape == matrix.shape
    assert np.isfinite(scores).all()


@every
def test_an_empty_matrix_is_a_clear_error(name: str) -> None:
    with pytest.raises(ValueError, match="no interaction to learn from"):
        make(ALL[name]).fit(csr_matrix((3, 4)))


@every
def test_same_seed_same_scores_and_batches_do_not_matter(name: str, weighted: csr_matrix) -> None:
    users = np.arange(30)
    model = make(ALL[name], seed=3).fit(weighted)
    scores = model.score_items(users)
    assert np.array_equal(scores, make(ALL[name], seed=3).fit(weighted).score_items(users))
    pieces = np.concatenate([model.score_items(users[:1]), model.score_items(users[1:])])
    assert np.allclose(scores, pieces, rtol=1e-5, atol=1e-6)
    assert model.score_items(users[:0]).shape == (0, 12)


@every
def test_the_seed_is_declared_where_it_matters(name: str, weighted: csr_matrix) -> None:
    if ALL[name].seed_param is None:
        return
    one, other = (make(ALL[name], seed=s).fit(weighted).score_items(np.arange(30)) for s in (0, 1))
    assert not np.array_equal(one, other)


@every
def test_weights_are_read_exactly_where_declared(name: str, weighted: csr_matrix) -> None:
    flat = weighted.copy()
    flat.data[:] = 1
    users = np.arange(30)
    same = np.array_equal(
        make(ALL[name]).fit(weighted).score_items(users), make(ALL[name]).fit(flat).score_items(users)
    )
    assert same is not ALL[name].uses_weights


@every
def test_the_training_matrix_is_left_alone(name: str, weighted: csr_matrix) -> None:
    before = weighted.copy()
    make(ALL[name]).fit(weighted)
    assert (weighted != before).nnz == 0
    assert np.array_equal(weighted.indices, before.indices)


@pytest.mark.parametrize("name", set(ALL) - {"random"})
def test_what_was_not_shown_is_found_above_chance(name: str, tastes: tuple[csr_matrix, np.ndarray]) -> None:
    train, affinity = tastes
    # 100 factors on 120 items would let ALS learn the training matrix by heart.
    changes = {"factors": 8} if "factors" in ALL[name].params else {}
    scores = make(ALL[name], **changes).fit(train).score_items(np.arange(train.shape[0]))
    unseen = train.toarray() == 0
    wanted = (affinity > 2.0) & unseen
    # What an item's length tells is all that popularity can know; the others must know more.
    assert auc(scores, wanted, unseen) > (0.65 if name == "popularity" else 0.82)


def auc(scores: np.ndarray, wanted: np.ndarray, candidates: np.ndarray) -> float:
    """Mean over users of the chance that a wanted item stands above another candidate."""
    values = []
    for row, good, open_ in zip(scores, wanted, candidates, strict=True):
        if good.any():
            a, b = row[good][:, None], row[open_ & ~good][None, :]
            values.append(((a > b) + 0.5 * (a == b)).mean())
    return float(np.mean(values))


@pytest.mark.parametrize("name", ["als", "bpr", "bpr-implicit", "lmf"])
def test_more_factors_than_items_is_legal(name: str, weighted: csr_matrix) -> None:
    assert np.isfinite(make(ALL[name], factors=40).fit(weighted).score_items(np.arange(30))).all()


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("als", {"factors": 0}, "factors"),
        ("als", {"alpha": 0}, "alpha"),
        ("bpr", {"learning_rate": 0}, "learning_rate"),
        ("bpr", {"iterations": 0}, "iterations"),
        ("bpr-implicit", {"regularization": -1}, "regularization"),
        ("ease", {"l2": 0}, "l2"),
        ("item-knn", {"similarity": "jaccard"}, "cosine, tfidf, bm25, not 'jaccard'"),
        ("item-knn", {"neighbours": 0}, "neighbours"),
        ("item-knn", {"b": 1.5}, "1 - b"),
        ("lmf", {"negatives": 0}, "negatives"),
    ],
)
def test_a_parameter_out_of_range_is_named(name: str, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make(ALL[name], **changes)


def test_divergence_is_an_error_and_not_a_table_of_nan(weighted: csr_matrix) -> None:
    model = make(ALL["bpr"], learning_rate=1e6).fit(weighted)
    with pytest.raises(ArithmeticError, match="diverged"):
        model.score_items(np.arange(30))


@every
def test_parameters_are_registered_in_full(name: str) -> None:
    """A default that stands only in the class could change without the record showing it."""
    learner = make(ALL[name])
    expected = {
        k for k in vars(type(learner))["__init__"].__annotations__ if k not in ("return", "random_state")
    }
    assert set(ALL[name].params) == expected


def test_the_manifest_imports_nothing_heavy() -> None:
    code = (
        "import sys, bakeoff_recsys.manifest as m; m.bakeoff_techniques(); m.bakeoff_suites(); "
        "print(sorted({'numpy', 'scipy', 'pandas', 'numba', 'implicit'} & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["random", "popularity", "item-knn", "ease"])
def test_the_plain_ones_need_no_extra(name: str) -> None:
    code = "import sys; sys.modules.update(implicit=None, numba=None); import bakeoff_recsys." + ALL[
        name
    ].implementations["recommendation"].partition(":")[0].removeprefix("bakeoff_recsys.")
    subprocess.run([sys.executable, "-c", code], check=True)
    assert ALL[name].requires == ()
