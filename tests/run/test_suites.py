"""Suite files: what is wrong is said, all of it, with the nearest legal word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bakeoff.model.errors import SuiteError
from bakeoff.run.suites import MAX_BYTES, load_suite, override, parse_suite

GOOD = """
schema = 1
name = "mine"
question = "A or B?"
default_profile = "ci"
timeout = 50
[[board]]
task = "classification"
datasets = ["adult", "cells", "adult"]
techniques = ["xgboost", "smote[k=3]+logistic"]
split = { policy = "stratified-kfold", folds = 10 }
[[board]]
id = "second"
task = "regression"
datasets = ["ames"]
techniques = ["ridge"]
[profiles.ci]
folds = 3
timeout = 5
memory = "2GiB"
[profiles.ci.board.classification]
datasets = ["cells"]
n_train = 500
[profiles.full]
repeats = 3
[[claims]]
id = "C1"
says = "A is better"
kind = "superior"
a = "xgboost"
b = "logistic"
margin = 0.01
"""


def test_a_profile_overrides_the_suite():
    ci, full = parse_suite(GOOD, "x"), parse_suite(GOOD, "x", "full")
    first, second = ci.boards
    assert (ci.profile, ci.timeout, ci.memory) == ("ci", 5.0, 2 * 2**30)
    assert (first.datasets, first.n_train, first.folds, first.policy.params) == (
        ("cells",),
        500,
        3,
        {"folds": 10},
    )
    assert (second.id, second.folds, second.n_train, second.policy) == ("second", 3, None, None)
    assert (full.timeout, full.boards[0].repeats, full.boards[0].datasets) == (50.0, 3, ("adult", "cells"))


def test_claims_are_kept_with_a_hash_that_an_edit_changes():
    before = parse_suite(GOOD, "x")
    after = parse_suite(GOOD.replace("margin = 0.01", "margin = 0.02"), "x")
    assert before.claims[0]["id"] == "C1"
    assert before.claims_hash != after.claims_hash
    assert parse_suite(GOOD + "\n# a remark", "x").claims_hash == before.claims_hash


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("name = ", "nme = ", "unknown key 'nme'; did you mean 'name'?"),
        ('name = "mine"', "name = 3", "name must be text, not a whole number"),
        ('datasets = ["ames"]', "datasets = []", "empty grid"),
        ('datasets = ["ames"]', "datasets = [3]", "board 2: datasets must be a list of at least one name"),
        ('datasets = ["ames"]', 'dataset = ["ames"]', "did you mean 'datasets'?"),
        ('datasets = ["ames"]\n', "", "board 2: datasets is missing"),
        ("timeout = 50", "timeout = true", "timeout must be a number, not a boolean"),
        ("timeout = 5\n", "timeout = -5\n", "timeout must be positive, not -5"),
        ('memory = "2GiB"', 'memory = "lots"', "'lots' is not a size"),
        ("folds = 3", "folds = 0", "folds must be positive"),
        ("schema = 1", "schema = 9", "schema = 9 is not known"),
        (
            "[profiles.ci.board.classification]",
            "[profiles.ci.board.other]",
            "board 'other', which does not exist",
        ),
        ('kind = "superior"', 'kind = "best"', "kind 'best' is none of superior"),
        ('says = "A is better"\n', "", "says is missing"),
        ('id = "second"', 'id = "classification"', "two boards are called 'classification'"),
        ('policy = "stratified-kfold", ', "", "split needs a policy"),
        ("folds = 10 }", 'folds = "ten" }', "split parameter folds = 'ten' is not a number"),
        ("schema = 1", "schema = ", "not valid TOML"),
    ],
)
def test_a_mistake_is_named(old, new, words):
    assert old in GOOD
    with pytest.raises(SuiteError) as caught:
        parse_suite(GOOD.replace(old, new, 1), "mine.toml")
    assert words in str(caught.value)
    assert "mine.toml" in str(caught.value)


def test_all_mistakes_are_reported_together():
    with pytest.raises(SuiteError) as caught:
        parse_suite(GOOD.replace('"ridge"', "3").replace("folds = 3", "folds = 0"), "x")
    assert "techniques must be" in str(caught.value)
    assert "folds must be positive" in str(caught.value)


def test_an_unknown_profile_names_the_known_ones():
    with pytest.raises(SuiteError, match="It has ci, full"):
        parse_suite(GOOD, "x", "nightly")


def test_files_that_cannot_be_suites(tmp_path):
    missing, binary, huge = tmp_path / "a.toml", tmp_path / "b.toml", tmp_path / "c.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    huge.write_bytes(b"#" * (MAX_BYTES + 1))
    for path, words in [(missing, "No such file"), (binary, "not UTF-8"), (huge, "larger than")]:
        with pytest.raises(SuiteError, match=words):
            load_suite(path)
    with pytest.raises(SuiteError):
        load_suite(tmp_path)


def test_the_command_line_overrides_the_suite():
    config = override(parse_suite(GOOD, "x"), boards={"folds": 4, "metric": None}, limits={"seed": 9})
    assert {b.folds for b in config.boards} == {4}
    assert (config.seed, config.timeout) == (9, 5.0)


LITERALS = [
    "1",
    "-1",
    "1.5",
    "true",
    '""',
    '"x"',
    "[]",
    "[1]",
    "[[1]]",
    "{}",
    "{ a = 1 }",
    '[{ a = "b" }]',
    "nan",
    "1979-05-27",
]


@given(data=st.data())
def test_any_value_anywhere_is_a_suite_or_a_suite_error(data):
    lines = GOOD.splitlines()
    at = data.draw(st.sampled_from([i for i, line in enumerate(lines) if " = " in line]))
    lines[at] = lines[at].split(" = ")[0] + " = " + data.draw(st.sampled_from(LITERALS))
    try:
        parse_suite("\n".join(lines), "x")
    except SuiteError:
        return
