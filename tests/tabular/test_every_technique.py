"""What holds for every technique and both tasks: data as they come, and the learner's interface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, r2_score

from bakeoff_tabular.manifest import bakeoff_techniques

TECHNIQUES = list(bakeoff_techniques())
CLASSIFIERS = [t.name for t in TECHNIQUES if "classification" in t.implementations]
REGRESSORS = [t.name for t in TECHNIQUES if "regression" in t.implementations]
LEARNERS = [(n, "classification") for n in CLASSIFIERS] + [(n, "regression") for n in REGRESSORS]
Short = Callable[..., Any]


def check_output(learner: Any, task: str, frame: pd.DataFrame) -> None:
    """Right shapes, finite, probabilities that are some, `predict` one of `classes_`."""
    response = learner.predict(frame)
    assert response.shape == (len(frame),)
    assert np.isfinite(response).all()
    if task == "classification":
        proba = learner.predict_proba(frame)
        assert proba.shape == (len(frame), len(learner.classes_))
        np.testing.assert_allclose(proba.sum(axis=1), 1)
        assert (proba >= 0).all()
        assert (learner.classes_[proba.argmax(axis=1)] == response).all()


def target(task: str, n: int, classes: int = 2) -> np.ndarray:
    return np.arange(n) % classes if task == "classification" else np.linspace(5.0, 9.0, n)


@pytest.mark.parametrize("name", [n for n in CLASSIFIERS if n != "prior"])
def test_classes_are_learned_from_a_mixed_table(name: str, short: Short, mixed, labels) -> None:
    learner = short(name, "classification").fit(mixed[:180], labels[:180])
    check_output(learner, "classification", mixed[180:])
    assert accuracy_score(labels[180:], learner.predict(mixed[180:])) > 0.75


@pytest.mark.parametrize("name", [n for n in REGRESSORS if n != "prior"])
def test_a_number_is_learned_from_a_mixed_table(name: str, short: Short, mixed, numbers) -> None:
    learner = short(name, "regression").fit(mixed[:180], numbers[:180])
    check_output(learner, "regression", mixed[180:])
    assert r2_score(numbers[180:], learner.predict(mixed[180:])) > 0.75


def test_prior_looks_at_no_input(short: Short, mixed, labels, numbers) -> None:
    shares = short("prior", "classification").fit(mixed, labels).predict_proba(mixed[:3])
    np.testing.assert_allclose(shares, np.tile(np.bincount(labels) / len(labels), (3, 1)))
    np.testing.assert_allclose(
        short("prior", "regression").fit(mixed, numbers).predict(mixed[:2]), numbers.mean()
    )


@pytest.mark.parametrize(("name", "task"), LEARNERS)
def test_the_same_seed_gives_the_same_bits(
    name: str, task: str, short: Short, mixed, labels, numbers
) -> None:
    y = labels if task == "classification" else numbers
    answer = "predict_proba" if task == "classification" else "predict"
    first, second = (getattr(short(name, task, seed=3).fit(mixed, y), answer)(mixed) for _ in range(2))
    assert first.tobytes() == second.tobytes()


@pytest.mark.parametrize("name", ["random-forest", "mlp", "ft-transformer"])
def test_another_seed_gives_other_predictions(name: str, short: Short, mixed, numbers) -> None:
    first, second = (short(name, "regression", seed=s).fit(mixed, numbers).predict(mixed) for s in (1, 2))
    assert (first != second).any()


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_class_codes_may_have_a_gap(name: str, short: Short, mixed, labels) -> None:
    two = np.where(labels > 0, 4, 1)
    learner = short(name, "classification").fit(mixed, two)
    assert learner.classes_.tolist() == [1, 4]
    assert set(learner.predict(mixed)) <= {1, 4}
    check_output(learner, "classification", mixed)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_a_class_may_have_one_row(name: str, short: Short, mixed) -> None:
    codes = np.arange(len(mixed)) % 2
    codes[7] = 2
    learner = short(name, "classification").fit(mixed, codes)
    assert learner.classes_.tolist() == [0, 1, 2]
    check_output(learner, "classification", mixed)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_there_may_be_two_hundred_classes(name: str, short: Short) -> None:
    few = {"hist-gbm": {"max_iter": 2}, "xgboost": {"n_estimators": 2}, "random-forest": {"n_estimators": 5}}
    X = np.random.default_rng(0).normal(size=(600, 3))
    learner = short(name, "classification", **few.get(name, {})).fit(X, target("classification", 600, 200))
    assert len(learner.classes_) == 200
    check_output(learner, "classification", X[:5])


@pytest.mark.parametrize(("name", "task"), LEARNERS)
def test_columns_may_be_odd(name: str, task: str, short: Short, mixed) -> None:
    n = 60
    train = mixed[:n].assign(
        constant=1.0,
        empty=np.nan,
        one_level=pd.Categorical(["only"] * n),
        no_level=pd.Categorical([None] * n, categories=["x"]),
        flag=np.where(np.arange(n) % 3 == 0, np.nan, 1.0),
        huge=np.where(np.arange(n) % 2 == 0, 1e300, -1e300),
    )
    train.columns = ["a[0]", "b<c>", "größe", "", "b<c>", "日本", "x, y", '"q"', "\n", "f0"]
    later = train[:4].copy()
    later.iloc[0] = [np.nan] * train.shape[1]
    later.iloc[:, 4], later.iloc[:, 5] = 2.0, -3.0
    later.isetitem(2, pd.Categorical(["mauve", None, "red", "red"]))
    later.isetitem(7, pd.Categorical(["x", "x", "x", None]))
    learner = short(name, task).fit(train, target(task, n))
    check_output(learner, task, later)
    check_output(learner, task, later[:1])


@pytest.mark.parametrize(("name", "task"), LEARNERS)
@pytest.mark.parametrize("kind", ["number", "nominal", "nothing"])
def test_one_column_is_enough(kind: str, name: str, task: str, short: Short) -> None:
    columns = {
        "number": np.arange(40.0),
        "nominal": pd.Categorical(["a", "b", "c", "d"] * 10),
        "nothing": np.full(40, np.nan),
    }
    frame = pd.DataFrame({"only": columns[kind]})
    check_output(short(name, task).fit(frame, target(task, 40)), task, frame[:3])


@pytest.mark.parametrize(("name", "task"), LEARNERS)
def test_there_may_be_more_columns_than_rows(name: str, task: str, short: Short) -> None:
    few: dict[str, dict[str, Any]] = {
        "hist-gbm": {"max_iter": 2},
        "xgboost": {"n_estimators": 2},
        "mlp": {"max_epochs": 4},
        "ft-transformer": {"max_epochs": 2},
    }
    X = np.random.default_rng(0).normal(size=(60, 5000))
    learner = short(name, task, **few.get(name, {})).fit(X, target(task, 60))
    check_output(learner, task, X[:2])


@pytest.mark.parametrize(("name", "task"), LEARNERS)
@pytest.mark.parametrize("n", [2, 3, 5, 9])
def test_a_handful_of_rows_is_enough(n: int, name: str, task: str, short: Short, mixed) -> None:
    check_output(short(name, task).fit(mixed[:n], target(task, n)), task, mixed[:4])


@pytest.mark.parametrize(("name", "task"), LEARNERS)
def test_a_nominal_column_may_have_a_thousand_levels(name: str, task: str, short: Short) -> None:
    levels = [f"id{i}" for i in range(1000)]
    frame = pd.DataFrame({"x": np.arange(1200.0), "id": pd.Categorical([*levels, *levels[:200]])})
    few = {"mlp": {"max_epochs": 4}, "ft-transformer": {"max_epochs": 2}}
    check_output(short(name, task, **few.get(name, {})).fit(frame, target(task, 1200)), task, frame[:3])


@pytest.mark.parametrize("name", REGRESSORS)
def test_a_constant_or_far_away_target_is_no_trouble(name: str, short: Short, mixed) -> None:
    constant = short(name, "regression").fit(mixed, np.full(len(mixed), 7.0)).predict(mixed)
    np.testing.assert_allclose(constant, 7.0, atol=0.5)
    far = 1e9 + mixed["size"].to_numpy()
    np.testing.assert_allclose(short(name, "regression").fit(mixed, far).predict(mixed), far, atol=20)


@pytest.mark.parametrize("name", [n for n in CLASSIFIERS if n != "prior"])
def test_a_single_class_is_an_error_that_says_so(name: str, short: Short, mixed) -> None:
    with pytest.raises(ValueError, match="one class only"):
        short(name, "classification").fit(mixed, np.full(len(mixed), 3))


@pytest.mark.parametrize(("name", "task"), LEARNERS)
def test_fitting_leaves_the_training_part_as_it_was(name: str, task: str, short: Short, mixed) -> None:
    before, y = mixed.copy(), target(task, len(mixed))
    kept = y.copy()
    short(name, task).fit(mixed, y).predict(mixed)
    pd.testing.assert_frame_equal(mixed, before)
    np.testing.assert_array_equal(y, kept)


@pytest.mark.parametrize(
    ("name", "task"), [p for p in LEARNERS if p[0] in ("logistic", "mlp", "ft-transformer")]
)
def test_iterative_learners_say_whether_they_converged(name: str, task: str, short: Short, mixed) -> None:
    learner = short(name, task).fit(mixed, target(task, len(mixed)))
    assert learner.diagnostics_["converged"] in (0.0, 1.0)
    assert all(np.isfinite(v) for v in learner.diagnostics_.values())
