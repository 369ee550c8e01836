"""Content keys: equal for equal work, whatever the order of fields, and the same in every later version."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bakeoff.model.keys import canonical, content_key

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


def shuffled(value: Any, seed: int) -> Any:
    """The same with the fields of every object in another order."""
    if isinstance(value, dict):
        items = [(name, shuffled(inner, seed)) for name, inner in value.items()]
        random.Random(seed).shuffle(items)
        return dict(items)
    return [shuffled(inner, seed) for inner in value] if isinstance(value, list) else value


@given(VALUES, st.integers(0, 9))
def test_the_order_of_fields_does_not_matter(value: Any, seed: int) -> None:
    assert content_key(shuffled(value, seed)) == content_key(value)


@given(VALUES, VALUES)
def test_different_content_has_different_keys(one: Any, other: Any) -> None:
    assert (content_key(one) == content_key(other)) == (canonical(one) == canonical(other))


def test_keys_written_by_the_first_version_are_still_found() -> None:
    # sha256 of {"a":"Ünïcode","b":[1,2.5,null,true]}, the first 32 digits; from the command line, not from here.
    assert content_key({"b": [1, 2.5, None, True], "a": "Ünïcode"}) == "16d5be59b98f25d12fedf9a32be0acc3"


def test_the_order_of_a_list_matters() -> None:
    assert content_key([1, 2]) != content_key([2, 1])


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_equals_nothing_makes_no_key(number: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        content_key({"x": number})


def test_a_key_is_as_long_as_asked() -> None:
    assert len(content_key("x")) == 32
    assert content_key("x").startswith(content_key("x", length=8))
