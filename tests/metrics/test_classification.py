"""Our classification metrics against scikit-learn's, on thousands of random cases and on the awkward ones."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from bakeoff.metrics import classification
from bakeoff.metrics.base import Undefined
from bakeoff.metrics.classification import FUNCTIONS, bundle

TOLERANCE = 1e-10


def sklearn_values(y: np.ndarray, response: np.ndarray, proba: np.ndarray) -> dict[str, float]:
    """The same eight numbers from scikit-learn; one-vs-rest over the classes present, class by class."""
    classes = list(range(proba.shape[1]))
    positives = [1] if len(classes) == 2 else sorted(set(y.tolist()))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            "roc_auc": float(np.mean([oracle.roc_auc_score(y == c, proba[:, c]) for c in positives])),
            "average_precision": float(
                np.mean([oracle.average_precision_score(y == c, proba[:, c]) for c in positives])
            ),
            "log_loss": oracle.log_loss(y, proba, labels=classes),
            "brier": oracle.brier_score_loss(y, proba, labels=classes),
            "accuracy": oracle.accuracy_score(y, response),
            "balanced_accuracy": oracle.balanced_accuracy_score(y, response),
            "f1_macro": oracle.f1_score(y, response, average="macro", zero_division=0),
            "mcc": oracle.matthews_corrcoef(y, response),
        }


def random_case(rng: np.random.Generator, n: int, classes: int, ties: bool) -> tuple[Any, ...]:
    y = rng.integers(0, classes, n)
    y[:2] = [0, 1]
    raw = rng.integers(0, 4, (n, classes)) + 0.25 if ties else rng.random((n, classes)) ** 3
    proba = raw / raw.sum(axis=1, keepdims=True)
    response = np.where(rng.random(n) < 0.7, proba.argmax(axis=1), rng.integers(0, classes, n))
    return y, response, proba


def assert_same(y: np.ndarray, response: np.ndarray, proba: np.ndarray) -> None:
    ours, theirs = bundle(y, response, proba), sklearn_values(y, response, proba)
    for name, value in theirs.items():
        assert ours.values[name] == pytest.approx(value, abs=TOLERANCE, rel=TOLERANCE), name


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize(("classes", "cases"), [(2, 500), (3, 150), (7, 60)])
def test_equals_scikit_learn_on_random_cases(classes: int, cases: int, ties: bool) -> None:
    rng = np.random.default_rng([classes, ties])
    for _ in range(cases):
        assert_same(*random_case(rng, int(rng.integers(2, 60)), classes, ties))


def test_equals_scikit_learn_with_200_classes_some_absent() -> None:
    rng = np.random.default_rng(0)
    y, response, proba = random_case(rng, 500, 200, ties=False)
    y[y > 190] = 0
    assert_same(y, response, proba)
    assert any("of 200 classes" in note for note in bundle(y, response, proba).notes)


@given(
    rows=st.lists(st.tuples(st.integers(0, 1), st.integers(0, 5), st.integers(0, 1)), min_size=2, max_size=40)
)
def test_equals_scikit_learn_on_coarse_binary_scores(rows: list[tuple[int, int, int]]) -> None:
    y, score, response = (np.array(column) for column in zip(*rows, strict=True))
    y[:2] = [0, 1]
    assert_same(y, response, np.column_stack([1 - score / 5, score / 5]))


def test_every_function_alone_gives_what_the_bundle_gives() -> None:
    y, response, proba = random_case(np.random.default_rng(1), 80, 4, ties=True)
    found = bundle(y, response, proba).values
    assert {name: function(y, response, proba) for name, function in FUNCTIONS.items()} == found


def test_perfect_predictions_reach_the_best_value() -> None:
    y = np.array([0, 1, 2, 0, 1, 2])
    found = bundle(y, y, np.eye(3)[y]).values
    assert found.pop("log_loss") == pytest.approx(0, abs=1e-12)
    assert found.pop("brier") == 0
    assert set(found.values()) == {1.0}


def test_constant_predictions_are_chance() -> None:
    y = np.array([0, 0, 0, 1])
    found = bundle(y, np.zeros(4, dtype=int), np.full((4, 2), 0.5)).values
    assert found["roc_auc"] == 0.5
    assert found["average_precision"] == 0.25
    assert found["mcc"] == 0.0
    assert found["balanced_accuracy"] == 0.5


def test_the_wrong_class_with_certainty_costs_a_finite_log_loss() -> None:
    y = np.array([0, 1])
    found = bundle(y, 1 - y, np.eye(2)[1 - y]).values
    assert found["log_loss"] == pytest.approx(oracle.log_loss(y, np.eye(2)[1 - y]))
    assert found["roc_auc"] == 0.0
    assert found["mcc"] == -1.0


@pytest.mark.parametrize("only", [0, 1])
@pytest.mark.parametrize("classes", [2, 3])
def test_one_class_in_the_test_part_is_none_with_a_note(only: int, classes: int) -> None:
    y = np.full(5, only)
    proba = np.full((5, classes), 1 / classes)
    found = bundle(y, y, proba)
    assert found.values["roc_auc"] is None
    assert found.values["average_precision"] is None
    assert found.values["accuracy"] == 1.0
    assert sorted(n.partition(":")[0] for n in found.notes) == ["average_precision", "roc_auc"]


def test_without_probabilities_only_the_response_metrics_have_values() -> None:
    y = np.array([0, 1, 1, 0])
    found = bundle(y, y, None)
    assert {n for n, v in found.values.items() if v is None} == {
        "roc_auc",
        "average_precision",
        "log_loss",
        "brier",
    }
    assert len(found.notes) == 4


def test_no_rows_are_none_and_not_an_error() -> None:
    empty = np.array([], dtype=int)
    found = bundle(empty, empty, np.empty((0, 2)))
    assert set(found.values.values()) == {None}
    assert found.notes == ("the test part is empty",)
    with pytest.raises(Undefined):
        classification.accuracy(empty, empty)


@given(
    st.lists(st.integers(0, 2), min_size=3, max_size=30),
    st.integers(0, 2**32 - 1),
)
def test_values_are_finite_and_in_range(labels: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    y = np.array(labels)
    proba = rng.dirichlet([0.05] * 3, len(y))
    found = bundle(y, rng.integers(0, 3, len(y)), proba).values
    for name, value in found.items():
        if value is not None:
            low = -1 if name == "mcc" else 0
            high = {"log_loss": 36.1, "brier": 2.0}.get(name, 1.0)
            assert low - 1e-12 <= value <= high + 1e-12, name


def test_ranking_metrics_do_not_depend_on_the_order_of_rows() -> None:
    rng = np.random.default_rng(2)
    y, response, proba = random_case(rng, 200, 2, ties=True)
    order = rng.permutation(200)
    before, after = bundle(y, response, proba), bundle(y[order], response[order], proba[order])
    for name, value in before.values.items():
        assert after.values[name] == pytest.approx(value, abs=1e-12)
