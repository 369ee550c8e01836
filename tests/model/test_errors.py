"""A user's mistake says what, where and what to do next, in one line."""

from __future__ import annotations

import pickle

import pytest

from bakeoff.model.errors import (
    BakeoffError,
    DatasetError,
    DatasetUnavailable,
    InvalidOutput,
    PluginError,
    Refusal,
    StoreError,
    SuiteError,
    UnknownName,
)


@pytest.mark.parametrize("kind", [DatasetError, DatasetUnavailable, SuiteError, StoreError, PluginError])
def test_every_mistake_of_the_caller_is_one_family(kind: type[BakeoffError]) -> None:
    with pytest.raises(BakeoffError) as caught:
        raise kind("what and where.", hint="What next.")
    assert str(caught.value) == "what and where. What next."
    assert str(kind("what.")) == "what."


def test_an_unknown_name_offers_the_nearest() -> None:
    error = UnknownName("technique", "xgbost", ["xgboost", "mlp", "ridge"], where="suite 'quick'")
    assert str(error) == "unknown technique 'xgbost' in suite 'quick'. Did you mean 'xgboost'?"


def test_an_unknown_name_that_resembles_nothing_shows_some_that_are_known() -> None:
    known = [f"t{number:02}" for number in range(20)]
    text = str(UnknownName("technique", "qqqqqq", known))
    assert "Known: t00, t01" in text
    assert text.endswith(", ....")
    assert "t12" not in text


def test_a_name_where_nothing_is_registered_points_to_the_plugins() -> None:
    assert "`bakeoff plugins` shows why" in str(UnknownName("suite", "quick", []))


def test_a_refusal_carries_its_code() -> None:
    refusal = Refusal("REC-02", "12 users have no interactions.", hint="Use a warm split.")
    assert refusal.code == "REC-02"
    assert str(refusal) == "REC-02: 12 users have no interactions. Use a warm split."


def test_a_wrong_output_is_no_mistake_of_the_caller() -> None:
    assert not issubclass(InvalidOutput, BakeoffError)
    assert str(InvalidOutput("shape (3,)", code="OUT-01")) == "OUT-01: shape (3,)"


def test_an_error_survives_the_way_to_another_process() -> None:
    error = StoreError("full.", hint="Make room.")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again)) == (StoreError, "full. Make room.")
