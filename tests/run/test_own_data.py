"""`bakeoff run SUITE --dataset ./my.csv --target y`: the first use."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import pytest


@pytest.fixture
def churn(tmp_path: Path) -> Path:
    """A table of 120 customers: two numeric columns, a nominal one with gaps, an id, groups and a date."""
    rng = random.Random(0)
    path = tmp_path / "churn.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        out = csv.writer(stream)
        out.writerow(["id", "months", "price", "plan", "region", "since", "churn"])
        for row in range(120):
            months = rng.randint(1, 60)
            leaves = rng.random() < (0.8 if months < 20 else 0.15)
            plan = rng.choice(["basic", "pro", ""])
            out.writerow(
                [
                    f"c{row}",
                    months,
                    round(rng.uniform(5, 80), 2),
                    plan,
                    f"r{row % 8}",
                    f"2024-01-{row % 28 + 1:02}",
                    "yes" if leaves else "no",
                ]
            )
    return path


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A suite with a board for each kind of table."""
    path = tmp_path / "suite.toml"
    path.write_text(
        'name = "mine"\nquestion = "Which one?"\n'
        '[[board]]\ntask = "classification"\ndatasets = ["wine"]\ntechniques = ["logistic"]\n'
        'split = { policy = "stratified-kfold", folds = 3 }\n'
        '[[board]]\ntask = "regression"\ndatasets = ["diabetes"]\ntechniques = ["ridge"]\n'
    )
    return path


def test_the_suite_keeps_its_techniques_and_takes_my_data(bakeoff, churn, suite, tmp_path):
    words = ("run", suite, "--dataset", churn, "--target", "churn", "--positive", "yes", "--drop", "id,since")
    done = bakeoff(*words, "--groups", "region", "--results", tmp_path / "r")
    assert done.code == 0, done.stderr
    assert "classification of 'churn', 120 rows, 1 nominal, 2 numeric columns" in done.stderr
    assert "numeric: months, price" in done.stderr
    assert "nominal: plan" in done.stderr
    assert "positive label: 'yes'" in done.stderr
    assert "6 of 6 cells to run, about" in done.stderr
    assert "Which one?" in done.stdout
    assert "churn.csv" in done.stdout
    assert "Regression" not in done.stdout


def test_a_time_column_means_training_on_the_past(bakeoff, churn, tmp_path):
    words = ("run", "--technique", "prior", "--dataset", churn, "--target", "churn", "--time", "since")
    done = bakeoff(*words, "--drop", "id", "--folds", "3", "--json", "--results", tmp_path / "r")
    assert done.code == 0, done.stderr
    (segment,) = (tmp_path / "r" / "segments").glob("*.jsonl")
    records = [json.loads(line) for line in segment.read_text().splitlines()[1:]]
    assert {r["protocol"] for r in records} == {"forward(folds=3,seed=0)"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--target", "chrun"], "Did you mean 'churn'"),
        (["--target", "churn", "--positive", "maybe"], "maybe"),
        (["--target", "churn", "--drop", "nothing"], "nothing"),
        (["--target", "churn", "--groups", "nothing"], "nothing"),
        ([], "Add --target"),
        (["--positive", "yes"], "--target"),
    ],
)
def test_what_does_not_fit_the_file_is_said(bakeoff, churn, tmp_path, words, said):
    done = bakeoff("run", "--technique", "prior", "--dataset", churn, *words, "--results", tmp_path / "r")
    assert done.code == 2, done.stdout
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_regression_target_on_a_suite_without_one_is_refused(bakeoff, churn, tmp_path):
    path = tmp_path / "only.toml"
    path.write_text(
        'name = "only"\n[[board]]\ntask = "classification"\ndatasets = ["wine"]\ntechniques = ["prior"]\n'
    )
    done = bakeoff("run", path, "--dataset", churn, "--target", "price", "--results", tmp_path / "r")
    assert done.code == 2
    assert "has no board for regression" in done.stderr


def test_a_dry_run_shows_the_cells_and_writes_nothing(bakeoff, churn, suite, tmp_path):
    words = ("run", suite, "--dataset", churn, "--target", "churn", "--results", tmp_path / "r", "--dry-run")
    done = bakeoff(*words)
    assert done.code == 0
    assert len(done.stdout.splitlines()) == 6
    assert not (tmp_path / "r").exists()


def test_predictions_are_kept_by_key_and_left_out_on_request(bakeoff, churn, tmp_path):
    words = ("run", "--technique", "prior", "--dataset", churn, "--target", "churn", "--split", "holdout")
    assert bakeoff(*words, "--results", tmp_path / "with").code == 0
    assert bakeoff(*words, "--results", tmp_path / "without", "--no-predictions").code == 0
    assert list((tmp_path / "with" / "predictions").iterdir())
    assert not (tmp_path / "without" / "predictions").exists()


def test_the_same_content_under_another_name_is_the_same_work(bakeoff, churn, tmp_path):
    words = (
        "run",
        "--technique",
        "prior",
        "--target",
        "churn",
        "--results",
        tmp_path / "r",
        "--json",
        "--dataset",
    )
    assert bakeoff(*words, churn).code == 0
    moved = churn.rename(tmp_path / "renamed.csv")
    done = bakeoff(*words, moved)
    assert json.loads(done.stdout)["suites"][0]["reused"] == 5
