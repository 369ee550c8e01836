"""What a registration hook returns is checked, item by item and field by field."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bakeoff.api import DataKind, Dataset, Metric, Suite, Task, Technique
from bakeoff.discovery.check import check_item, check_items
from bakeoff.discovery.kinds import KIND_BY_PLURAL, Kind
from bakeoff.discovery.load import Rejected
from bakeoff.model.specs import Spec

TECHNIQUE = Technique(name="t", implementations={"classification": "a.b:C"})
DATASET = Dataset(name="d", task="classification", card="pkg:cards/d.toml")
METRIC = Metric(name="m@10", tasks=("regression",), implementation="a:f", direction="min", needs="response")
SUITE = Suite(name="s", path="pkg:s.toml")
TASK = Task(
    name="k",
    title="K",
    data=DataKind.TABLE,
    implementation="a.b:rules",
    metrics=("rmse",),
    primary="rmse",
    policies=("kfold",),
    default_policy="kfold",
    baselines=("prior",),
)
SOUND = {"techniques": TECHNIQUE, "datasets": DATASET, "metrics": METRIC, "suites": SUITE, "tasks": TASK}


def kind_of(item: Spec) -> Kind:
    return next(kind for kind in KIND_BY_PLURAL.values() if isinstance(item, kind.type))


@pytest.mark.parametrize("item", SOUND.values(), ids=SOUND)
def test_sound_items_pass(item: Spec) -> None:
    assert check_items(kind_of(item), iter([item])) == (item,)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (TECHNIQUE, "returned one Technique, not a list"),
        ("abc", "returned a str, not a list"),
        ({"t": TECHNIQUE}, "returned a dict, not a list"),
        (3, "returned a int, not a list"),
        ([DATASET], "returned a Dataset among its items, not a Technique"),
        ([Technique], "returned a type among its items"),
        ([TECHNIQUE, TECHNIQUE], "'t' twice"),
    ],
)
def test_what_is_no_list_of_techniques_is_refused(answer: Any, reason: str) -> None:
    with pytest.raises(Rejected, match=reason):
        check_items(KIND_BY_PLURAL["techniques"], answer)


@pytest.mark.parametrize(
    ("item", "changes", "reason"),
    [
        (TECHNIQUE, {"name": "a+b"}, r"'a\+b' is no name for a technique"),
        (TECHNIQUE, {"name": "m@10"}, "is no name"),
        (TECHNIQUE, {"name": ""}, "is no name"),
        (TECHNIQUE, {"name": 3}, "is no name"),
        (TECHNIQUE, {"implementations": {}}, "at least one task"),
        (TECHNIQUE, {"implementations": {"classification": "a.b"}}, "'package.module:attribute'"),
        (TECHNIQUE, {"implementations": {"classification": int}}, "for 'classification' is <class 'int'>"),
        (TECHNIQUE, {"implementations": "a.b:C"}, "at least one task"),
        (TECHNIQUE, {"requires": "torch"}, r"requires is the string 'torch'; write \('torch',\)"),
        (TECHNIQUE, {"requires": ("torch>=2",)}, "'torch>=2': distribution names only"),
        (TECHNIQUE, {"params": {"f": print}}, "what JSON can hold"),
        (TECHNIQUE, {"params": {"f": float("nan")}}, "what JSON can hold"),
        (TECHNIQUE, {"params": {1: 2}}, "parameter names"),
        (TECHNIQUE, {"inputs": "table"}, "'table', not one of frame, matrix"),
        (TECHNIQUE, {"deterministic": "yes"}, "not True or False"),
        (TECHNIQUE, {"seed_param": 0}, "seed_param is a int"),
        (TECHNIQUE, {"tags": ("a", 1)}, "tuple of names"),
        (TECHNIQUE, {"summary": None}, "summary is a NoneType"),
        (DATASET, {"card": "../cards/d.toml"}, "'package:folder/file.toml'"),
        (DATASET, {"card": "pkg:../d.toml"}, "'package:folder/file.toml'"),
        (DATASET, {"loader": "a"}, "'package.module:attribute'"),
        (METRIC, {"direction": "up"}, "not one of max, min"),
        (METRIC, {"needs": "all"}, "not one of response, proba, topk"),
        (METRIC, {"tasks": ()}, "tasks is empty"),
        (METRIC, {"best": "1"}, "best is '1', not a number"),
        (SUITE, {"path": "/s.toml"}, "'package:folder/file.toml'"),
        (TASK, {"primary": "mae"}, "primary 'mae' is not among"),
        (TASK, {"default_policy": "holdout"}, "default_policy 'holdout' is not among"),
    ],
)
def test_a_wrong_field_is_named_with_its_item(item: Any, changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(Rejected, match=reason):
        check_item(kind_of(item), replace(item, **changes))


@given(st.text(max_size=12))
def test_a_name_that_passes_can_stand_in_a_chain_and_in_a_list(name: str) -> None:
    try:
        check_item(KIND_BY_PLURAL["techniques"], replace(TECHNIQUE, name=name))
    except Rejected:
        return
    assert name.isascii()
    assert not set(name) & set("+,:/\\[]=@ \n")
    assert name[0].isalnum()
