"""From suite to cells: names, baselines, order, and what the content key covers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bakeoff.discovery import load_catalog
from bakeoff.model.errors import BakeoffError, UnknownName
from bakeoff.model.words import Status
from bakeoff.run.compose import Words, compose
from bakeoff.run.plan import make_plan
from bakeoff.run.suites import Board, SuiteConfig


@pytest.fixture(scope="module")
def catalog():
    return load_catalog()


def board(**values) -> Board:
    words = {"id": "b", "task": "classification", "datasets": ("wine",), "techniques": ("random-forest",)}
    return Board(**{**words, **values})


def config(*boards: Board, **values) -> SuiteConfig:
    return SuiteConfig(name="s", boards=boards or (board(),), **values)


def keys(plan) -> dict[tuple[str, str, str], str]:
    return {(c.chain.name, c.dataset, c.split): c.key for c in plan.cells}


def test_the_compulsory_baselines_are_always_there(catalog):
    plan = make_plan(config(), catalog)
    assert {c.chain.name for c in plan.cells} == {"prior", "logistic", "random-forest"}
    alone = make_plan(config(board(baselines=False)), catalog)
    assert {c.chain.name for c in alone.cells} == {"random-forest"}


def test_the_first_fold_of_every_dataset_comes_before_the_second_of_any(catalog):
    plan = make_plan(config(board(datasets=("wine", "breast_cancer"), repeats=2, folds=3)), catalog)
    waves = [(c.repeat, c.fold) for c in plan.cells]
    assert waves == sorted(waves)
    assert {c.dataset for c in plan.cells if (c.repeat, c.fold) == (0, 0)} == {"wine", "breast_cancer"}


def test_a_cell_named_twice_is_planned_once(catalog):
    twice = make_plan(config(board(), board(id="again")), catalog)
    assert len(twice.cells) == len({c.key for c in twice.cells}) == 15


@pytest.mark.parametrize(
    "changed",
    [
        {"techniques": ("random-forest[n_estimators=11]",)},
        {"folds": 4},
        {"n_train": 50},
    ],
)
def test_what_changes_the_work_changes_the_key(catalog, changed):
    before, after = make_plan(config(), catalog), make_plan(config(board(**changed)), catalog)
    forest = {k for name, k in keys(before).items() if "forest" in name[0]}
    assert not forest & set(keys(after).values())


def test_a_seed_changes_every_key(catalog):
    assert not set(keys(make_plan(config(), catalog)).values()) & set(
        keys(make_plan(config(seed=1), catalog)).values()
    )


def test_what_does_not_change_the_work_does_not_change_the_key(catalog):
    before = keys(make_plan(config(), catalog))
    other = replace(
        config(board(repeats=2, metric="log_loss")), name="t", timeout=3.0, memory=10**9, budget=5.0
    )
    after = keys(make_plan(other, catalog))
    assert before.items() <= after.items()


def test_another_techniques_parameters_do_not_touch_the_key(catalog):
    both = make_plan(config(board(techniques=("random-forest", "hist-gbm[max_iter=7]"))), catalog)
    assert keys(make_plan(config(), catalog)).items() <= keys(both).items()


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        ({"task": "clasification"}, UnknownName, "Did you mean 'classification'"),
        ({"datasets": ("wien",)}, UnknownName, "wine"),
        ({"datasets": ("ames",)}, BakeoffError, "is for regression"),
        ({"techniques": ("ridge",)}, BakeoffError, "is for regression, not for classification"),
        ({"techniques": ("randomforest",)}, UnknownName, "Did you mean 'random-forest'"),
        ({"metric": "r2"}, BakeoffError, "is not one of classification"),
        ({"metric": "auc"}, UnknownName, "unknown metric"),
    ],
)
def test_a_wrong_name_is_an_error_before_anything_runs(catalog, wrong, error, words):
    with pytest.raises(error) as caught:
        make_plan(config(board(**wrong)), catalog)
    assert words in str(caught.value)


def test_a_missing_extra_is_planned_as_unavailable_with_its_install_line(catalog, monkeypatch):
    from bakeoff.run import chain

    monkeypatch.setattr(
        chain, "missing_requirements", lambda spec: ("xgboost",) if spec.name == "xgboost" else ()
    )
    plan = make_plan(config(board(techniques=("xgboost",))), catalog)
    blocked = {c.chain.name: (c.blocked, c.reason) for c in plan.cells}
    assert blocked["xgboost"][0] == Status.UNAVAILABLE
    assert "pip install 'bakeoff[tabular]'" in blocked["xgboost"][1]
    assert blocked["logistic"] == (None, "")


def test_techniques_named_for_a_suite_go_to_the_boards_that_do_their_task(catalog):
    words = Words(suites=("quick",), techniques=("hist-gbm", "ease"))
    ((suite,), _) = compose(words, catalog)
    assert [(b.task, b.techniques) for b in suite.boards] == [
        ("classification", ("hist-gbm",)),
        ("recommendation", ("ease",)),
    ]
    ((only,), _) = compose(Words(suites=("quick",), techniques=("ease",)), catalog)
    assert [b.task for b in only.boards] == ["recommendation"]


def test_a_metric_goes_to_the_boards_that_have_it(catalog):
    ((suite,), _) = compose(Words(suites=("quick",), metric="log_loss"), catalog)
    assert [b.metric for b in suite.boards] == ["log_loss", "ndcg@10"]


def test_nothing_named_is_an_error_that_says_what_to_type(catalog):
    with pytest.raises(BakeoffError, match="bakeoff run quick"):
        compose(Words(), catalog)
