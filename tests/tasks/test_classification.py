"""The rules of classification: what is refused, what an answer must look like, what is scored."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import log_loss, roc_auc_score

from bakeoff.metrics.specs import CLASSIFICATION
from bakeoff.model.errors import InvalidOutput, Refusal, UnknownName
from bakeoff.model.specs import Metric
from bakeoff.run.tasks.base import Policy, TaskRules
from bakeoff.run.tasks.classification import Classification, classification

FIVE = Policy("stratified-kfold", {"folds": 5})


def one_split(data, fold=0):
    return classification.split(data, FIVE, 0, fold, 0)


def uniform(n: int, classes: int) -> dict[str, np.ndarray]:
    return {"response": np.zeros(n, dtype=np.int64), "proba": np.full((n, classes), 1 / classes)}


def test_the_object_is_small_and_frozen() -> None:
    rules: TaskRules = classification
    with pytest.raises(AttributeError):
        rules.name = "other"  # type: ignore[misc]
    assert rules == Classification()


def test_indices_are_repeats_times_folds() -> None:
    assert classification.indices(FIVE, 2) == [(r, f) for r in range(2) for f in range(5)]
    assert classification.indices(Policy("stratified-kfold"), 1) == [(0, f) for f in range(5)]
    assert classification.indices(Policy("holdout"), 3) == [(0, 0), (1, 0), (2, 0)]
    assert classification.indices(Policy("forward", {"folds": 2}), 3) == [(0, 0), (0, 1)]


def test_an_illegal_policy_is_named_with_the_legal_ones(binary) -> None:
    with pytest.raises(UnknownName, match="unknown split policy 'kfold'"):
        classification.split(binary, Policy("kfold"), 0, 0, 0)


def test_messages_hold_training_targets_and_the_question_none(binary) -> None:
    split = one_split(binary)
    message, question = classification.message(binary, split), classification.question(binary, split)
    assert set(message) == {"train", "y"}
    assert (message["y"] == binary.target[message["train"]]).all()
    assert set(question) == {"test"}
    assert not np.intersect1d(message["train"], question["test"]).size


def test_n_train_caps_every_technique_alike_and_nested(three) -> None:
    small = classification.split(three, FIVE, 0, 1, 3, n_train=12)
    large = classification.split(three, FIVE, 0, 1, 3, n_train=30)
    assert np.isin(small.train, large.train).all()
    assert np.bincount(three.target[small.train]).tolist() == [4, 4, 4]
    assert small.test.tolist() == one_split_test(three)


def one_split_test(data) -> list[int]:
    return classification.split(data, FIVE, 0, 1, 3).test.tolist()


def test_one_class_is_refused_as_eda_01(make_table, binary) -> None:
    with pytest.raises(Refusal, match="one class only in 30 rows") as caught:
        classification.check(make_table(np.zeros(30, dtype=np.int64), ("no", "yes")))
    assert caught.value.code == "EDA-01"
    assert classification.check(binary) == ()


def test_rare_classes_are_warned_of_and_refused_by_the_folds(make_table) -> None:
    data = make_table(np.array([0] * 30 + [1] * 3, dtype=np.int64), ("no", "yes"))
    assert classification.check(data) == ("toy: classes with fewer than 5 rows: 'yes' (3)",)
    with pytest.raises(Refusal, match="class 'yes' has 3 rows") as caught:
        one_split(data)
    assert caught.value.code == "SPLIT-04"


def test_a_training_side_of_one_class_is_refused(make_table) -> None:
    target = (np.arange(30) >= 20).astype(np.int64)
    data = make_table(target, ("no", "yes"), time=np.arange(30.0))
    with pytest.raises(Refusal, match="training side of split r0f0 holds one class only"):
        classification.split(data, Policy("forward", {"folds": 2}), 0, 0, 0)
    split = classification.split(data, Policy("forward", {"folds": 3}), 0, 2, 0)
    assert len(split.train) == 22


def test_groups_stay_on_one_side_and_are_announced(make_table) -> None:
    groups = np.arange(60) // 3
    data = make_table(np.arange(60, dtype=np.int64) % 2, ("a", "b"), groups=groups)
    assert any("`site` groups the rows" in note for note in classification.check(data))
    for policy in (FIVE, Policy("holdout")):
        split = classification.split(data, policy, 0, 0, 0)
        assert not np.intersect1d(groups[split.train], groups[split.test]).size


def test_split_02_fires_where_k_fold_ignores_a_declared_time_and_not_for_forward(make_table) -> None:
    time = np.random.default_rng(0).permutation(60).astype(np.float64)
    data = make_table(np.arange(60, dtype=np.int64) % 2, ("a", "b"), time=time)
    assert any("`day` orders the rows" in note for note in classification.check(data))
    with pytest.raises(Refusal, match="are not earlier") as caught:
        one_split(data)
    assert caught.value.code == "SPLIT-02"
    for policy in (Policy("forward", {"folds": 4}), Policy("holdout", {"test": 0.25})):
        split = classification.split(data, policy, 0, 0, 0)
        assert time[split.train].max() < time[split.test].min()
    with pytest.raises(Refusal, match="only one such split"):
        classification.split(data, Policy("holdout"), 1, 0, 0)


def test_forward_needs_times(binary) -> None:
    with pytest.raises(Refusal, match="no time column") as caught:
        classification.split(binary, Policy("forward"), 0, 0, 0)
    assert caught.value.code == "SPLIT-02"


def test_valid_output_becomes_canonical(three) -> None:
    split = one_split(three)
    n = len(split.test)
    given = {
        "response": np.full(n, 2.0),
        "proba": np.tile(np.array([0.7503, 0.25], dtype=np.float32), (n, 1)),
        "classes": np.array([2, 0]),
    }
    found = classification.validate(three, split, given)
    assert found["response"].dtype == np.int64
    assert found["proba"].dtype == np.float64
    assert found["proba"].shape == (n, 3)
    assert found["proba"].sum(axis=1) == pytest.approx(1, abs=1e-15)
    assert found["proba"][0] == pytest.approx([0.25 / 1.0003, 0, 0.7503 / 1.0003], rel=1e-6)
    kept = classification.kept(found)
    assert {k: v.dtype for k, v in kept.items()} == {"response": np.int32, "proba": np.float32}


def test_a_class_unseen_in_training_costs_a_finite_log_loss(three) -> None:
    split = one_split(three)
    n = len(split.test)
    given = {"response": np.zeros(n), "proba": np.full((n, 2), 0.5), "classes": np.array([0, 1])}
    scores = classification.score(three, split, classification.validate(three, split, given), CLASSIFICATION)
    full = np.column_stack([np.full((n, 2), 0.5), np.zeros(n)])
    assert scores.metrics["log_loss"] == pytest.approx(
        log_loss(three.target[split.test], full, labels=[0, 1, 2])
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda o: o.pop("response"), "predict returned nothing"),
        (lambda o: o.update(response=o["response"][:-1]), r"predict returned shape \(7,\), not \(8,\)"),
        (lambda o: o.update(response=o["response"][:, None]), r"shape \(8, 1\)"),
        (lambda o: o.update(response=np.full(8, "yes")), "not numbers"),
        (lambda o: o.update(response=np.full(8, np.nan)), "8 of 8 values that are NaN"),
        (lambda o: o["response"].__setitem__(3, 2), "unknown classes in 1 of 8 rows, the first is 2"),
        (lambda o: o["response"].__setitem__(3, -1), "unknown classes"),
        (lambda o: o.update(response=np.full(8, 0.5)), "unknown classes in 8 of 8"),
        (lambda o: o.update(proba=o["proba"][:, :1]), r"predict_proba returned shape \(8, 1\), not \(8, 2\)"),
        (lambda o: o.update(proba=o["proba"][:, 1]), r"shape \(8,\)"),
        (lambda o: o.update(proba=np.full((8, 3), 1 / 3)), r"shape \(8, 3\)"),
        (lambda o: o["proba"].__setitem__((0, 0), np.nan), "NaN, infinite or negative values in 1 of 8"),
        (lambda o: o["proba"].__setitem__(0, [1.5, -0.5]), "NaN, infinite or negative"),
        (lambda o: o.update(proba=o["proba"] * 1.01), "8 of 8 rows do not sum to 1, the first sums to 1.01"),
        (lambda o: o.update(proba=np.zeros((8, 2))), "do not sum to 1"),
        (lambda o: o.update(classes=np.array([0, 2])), "not distinct codes of 0..1"),
        (lambda o: o.update(classes=np.array([1, 1])), "not distinct codes"),
        (lambda o: o.update(classes=np.array([0])), r"not \(8, 1\)"),
    ],
)
def test_a_wrong_answer_is_invalid_and_says_how(binary, change, says: str) -> None:
    split = one_split(binary)
    output = uniform(8, 2)
    assert len(split.test) == 8
    classification.validate(binary, split, output)
    change(output)
    with pytest.raises(InvalidOutput, match=says):
        classification.validate(binary, split, output)


def test_scores_are_those_of_the_test_rows(binary) -> None:
    split = one_split(binary)
    proba = np.random.default_rng(0).dirichlet([1, 1], 8)
    output = classification.validate(binary, split, {"response": proba.argmax(axis=1), "proba": proba})
    scores = classification.score(binary, split, output, CLASSIFICATION)
    assert list(scores.metrics) == [m.name for m in CLASSIFICATION]
    assert scores.metrics["roc_auc"] == pytest.approx(roc_auc_score(binary.target[split.test], proba[:, 1]))
    assert scores.n_test == 8
    assert scores.notes == ()
    assert scores.diagnostics == {}


def test_a_class_missing_in_the_test_part_is_said(make_table) -> None:
    target = np.array([0, 1] * 10 + [0, 0] * 5 + [0] * 0, dtype=np.int64)
    data = make_table(target, ("no", "yes"), time=np.arange(30.0))
    split = classification.split(data, Policy("holdout"), 0, 0, 0)
    output = classification.validate(data, split, uniform(len(split.test), 2))
    scores = classification.score(data, split, output, CLASSIFICATION)
    assert scores.metrics["roc_auc"] is None
    assert scores.metrics["accuracy"] == 1.0
    assert scores.diagnostics == {"absent_classes": 1.0}
    assert any(note.startswith("roc_auc: ") for note in scores.notes)


def test_targets_and_facts(binary) -> None:
    split = one_split(binary)
    kept = classification.targets(binary, split)
    assert (kept["y"] == binary.target[kept["rows"]]).all()
    assert classification.facts(binary) == {
        "rows": 40,
        "columns": 2,
        "nominal": 1,
        "missing_share": 1 / 80,
        "classes": 2,
        "minority_share": 0.25,
        "positive": "yes",
    }


def test_data_of_another_kind_is_a_programming_error(plays) -> None:
    with pytest.raises(TypeError, match="not a table"):
        classification.check(plays)


def plugin_metric(name: str) -> Metric:
    return Metric(
        name=name,
        tasks=("classification",),
        implementation=f"bakeoff_test_metrics:{name}",
        direction="max",
        needs="proba",
    )


@pytest.fixture
def plugin_metrics(monkeypatch):
    """A stranger's module of metrics: a good one, and one for each way of going wrong."""
    import sys
    import types

    module = types.ModuleType("bakeoff_test_metrics")
    module.share_of_zero = lambda y, response, proba: (response == 0).mean()
    module.needs_proba = lambda y, response, proba: proba[:, 0].mean()
    module.nan = lambda y, response, proba: float("nan")
    module.text = lambda y, response, proba: "high"
    module.quits = lambda y, response, proba: sys.exit(3)

    def writes(y, response, proba):
        y[:] = response
        return 1.0

    module.writes = writes
    monkeypatch.setitem(sys.modules, "bakeoff_test_metrics", module)
    return [
        plugin_metric(n) for n in ("share_of_zero", "needs_proba", "nan", "text", "quits", "writes", "gone")
    ]


def test_plugin_metrics_stand_beside_ours_and_harm_nobody(binary, plugin_metrics) -> None:
    split = one_split(binary)
    before = binary.target.copy()
    output = classification.validate(binary, split, uniform(8, 2))
    scores = classification.score(binary, split, output, (*plugin_metrics, *CLASSIFICATION))
    assert scores.metrics["share_of_zero"] == 1.0
    assert scores.metrics["needs_proba"] == 0.5
    assert scores.metrics["accuracy"] == 0.75
    assert (binary.target == before).all()
    broken = {n.partition(":")[0] for n in scores.notes}
    assert broken == {"nan", "text", "quits", "writes", "gone"}
    assert all(scores.metrics[name] is None for name in broken)


def test_a_plugin_metric_that_needs_probabilities_is_none_without_them(binary, plugin_metrics) -> None:
    split = one_split(binary)
    output = classification.validate(binary, split, {"response": np.zeros(8)})
    scores = classification.score(binary, split, output, plugin_metrics[:2])
    assert scores.metrics == {"share_of_zero": 1.0, "needs_proba": None}


def test_our_formula_under_another_name_is_the_same_number(binary) -> None:
    split = one_split(binary)
    output = classification.validate(binary, split, uniform(8, 2))
    alias = Metric(
        name="right",
        tasks=("classification",),
        implementation="bakeoff.metrics.classification:accuracy",
        direction="max",
        needs="response",
    )
    foreign = Metric(
        name="error",
        tasks=("classification",),
        implementation="bakeoff.metrics.regression:mae",
        direction="min",
        needs="response",
    )
    scores = classification.score(binary, split, output, (alias, foreign))
    assert scores.metrics == {"right": 0.75, "error": 0.25}
