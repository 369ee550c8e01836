"""Chains as text: parsing, canonical spelling, splitting lists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bakeoff.model.errors import BakeoffError
from bakeoff.run.chain import LinkText, canonical, parse_chain, split_outside


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("xgboost", [("xgboost", {})]),
        (
            "smote[k_neighbors=3] + xgboost[max_depth=4]",
            [("smote", {"k_neighbors": 3}), ("xgboost", {"max_depth": 4})],
        ),
        ("ft-transformer[preset=paper,lr=1e-4]", [("ft-transformer", {"preset": "paper", "lr": 1e-4})]),
        ("a[x=none,y=true,z='a,b']", [("a", {"x": None, "y": True, "z": "a,b"})]),
        ("a[x=[1, 2]]", [("a", {"x": [1, 2]})]),
        ("./mine.py:Model", [("./mine.py:Model", {})]),
    ],
)
def test_a_chain_is_read(text, links):
    assert [(link.name, dict(link.params)) for link in parse_chain(text)] == links


@pytest.mark.parametrize("text", ["", "+", "a[", "a[x]", "a[=3]", "[x=3]", "a[x=1"])
def test_a_malformed_chain_is_an_error_that_shows_the_form(text):
    with pytest.raises(BakeoffError):
        parse_chain(text)


def test_the_canonical_spelling_sorts_and_trims():
    assert canonical(" b [ y = 2 , x = paper ]") == "b[x=paper,y=2]"


PARAMETERS = st.dictionaries(
    st.from_regex(r"[a-z]{1,4}", fullmatch=True),
    st.none()
    | st.booleans()
    | st.integers(-99, 99)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6),
    max_size=3,
)


@given(PARAMETERS)
def test_what_is_shown_reads_back_the_same(params):
    (link,) = parse_chain(str(LinkText("a", params)))
    assert dict(link.params) == params


def test_a_list_is_split_outside_brackets_only():
    assert split_outside("a[x=1,y=2],b,,c+d[z='q,r']", ",") == ["a[x=1,y=2]", "b", "c+d[z='q,r']"]
