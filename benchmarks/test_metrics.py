"""What metrics cost, beside scikit-learn's: `pytest benchmarks --benchmark-enable`. Not collected by default.

Nothing here asserts a time: shared machines stall. The ratio comes from one run in which both sides take turns,
so that a stall hits both; it is printed and kept in `extra_info`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn import metrics as oracle

from bakeoff.metrics import classification, topk

Case = tuple[np.ndarray, np.ndarray, np.ndarray]


def case(n: int, classes: int) -> Case:
    rng = np.random.default_rng(0)
    y, proba = rng.integers(0, classes, n), rng.dirichlet(np.ones(classes), n)
    return y, proba.argmax(axis=1), proba


def ours(y: np.ndarray, response: np.ndarray, proba: np.ndarray) -> None:
    classification.bundle(y, response, proba)


def theirs(y: np.ndarray, response: np.ndarray, proba: np.ndarray) -> None:
    """scikit-learn's eight."""
    binary = proba.shape[1] == 2
    if binary:
        oracle.roc_auc_score(y, proba[:, 1])
        oracle.average_precision_score(y, proba[:, 1])
    else:
        oracle.roc_auc_score(y, proba, multi_class="ovr")
        oracle.average_precision_score(np.eye(proba.shape[1])[y], proba)
    oracle.log_loss(y, proba)
    oracle.brier_score_loss(y, proba)
    oracle.accuracy_score(y, response)
    oracle.balanced_accuracy_score(y, response)
    oracle.f1_score(y, response, average="macro")
    oracle.matthews_corrcoef(y, response)


def seconds(call: Callable[..., None], given: Case) -> float:
    start = time.perf_counter()
    call(*given)
    return time.perf_counter() - start


@pytest.mark.benchmark(group="eight classification metrics")
@pytest.mark.parametrize(("n", "classes"), [(100, 2), (1000, 2), (20_000, 2), (1000, 10)])
def test_our_eight(benchmark, n: int, classes: int) -> None:
    benchmark(ours, *case(n, classes))


@pytest.mark.benchmark(group="eight classification metrics")
@pytest.mark.parametrize(("n", "classes"), [(100, 2), (1000, 2), (20_000, 2), (1000, 10)])
def test_scikit_learns_eight(benchmark, n: int, classes: int) -> None:
    benchmark(theirs, *case(n, classes))


@pytest.mark.benchmark(group="taking turns")
@pytest.mark.parametrize(("n", "classes"), [(100, 2), (1000, 10)])
def test_ratio_in_turns(benchmark, n: int, classes: int) -> None:
    given = case(n, classes)
    pairs = [(seconds(ours, given), seconds(theirs, given)) for _ in range(200)]
    benchmark.extra_info["ours_us"] = round(median(a for a, _ in pairs) * 1e6, 1)
    benchmark.extra_info["scikit_learn_us"] = round(median(b for _, b in pairs) * 1e6, 1)
    benchmark.extra_info["ratio"] = round(median(b / a for a, b in pairs), 1)
    print(f"\n{n} rows x {classes} classes: {benchmark.extra_info}")
    benchmark(ours, *given)


@pytest.mark.benchmark(group="top-k metrics")
def test_eleven_top_k_metrics_of_a_thousand_users(benchmark) -> None:
    rng = np.random.default_rng(0)
    items = np.argsort(rng.random((1000, 1700)), axis=1)[:, :20]
    relevant = csr_matrix((rng.random((1000, 1700)) < 0.01).astype(np.float32))
    popularity = rng.integers(0, 500, 1700)
    cuts = {f"{name}@10": (name, 10) for name in topk.FUNCTIONS} | {"recall@20": ("recall", 20)}
    benchmark(lambda: topk.bundle(topk.judge(items, relevant, popularity), cuts))
