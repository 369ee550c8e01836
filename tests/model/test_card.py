"""A card is read as written, and a wrong one is refused with the place and the nearest right word."""

from __future__ import annotations

import pytest

from bakeoff.model.card import Card, parse_card
from bakeoff.model.errors import DatasetError

TABLE = 'task = "regression"\ntarget = "y"\n'
EVENTS = 'task = "recommendation"\nuser = "u"\nitem = "i"\n'


def test_a_table_card_is_read_as_written() -> None:
    text = TABLE + 'name = "t"\ndrop = ["id"]\ntransform = "log"\n[kinds]\na = "nominal"\n[extra]\nfree = 1\n'
    expected = Card(
        name="t",
        task="regression",
        target="y",
        drop=("id",),
        transform="log",
        kinds={"a": "nominal"},
        extra={"free": 1},
    )
    assert parse_card(text, "t.toml") == expected


def test_an_interaction_card_is_read_as_written() -> None:
    card = parse_card(EVENTS + 'weight = "stars"\ntime = "at"\nthreshold = 4\n', "e.toml")
    assert (card.user, card.item, card.weight, card.time, card.threshold) == ("u", "i", "stars", "at", 4)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TABLE + "rows = ", "not valid TOML"),
        (TABLE + 'licens = "MIT"', "Did you mean 'licence'?"),
        (TABLE + 'rows = "12"', "rows must be a positive whole number"),
        (TABLE + "rows = true", "rows must be a positive whole number"),
        (TABLE + "title = 3", "title must be a string"),
        (TABLE + 'drop = "id"', "drop must be a list of column names"),
        (TABLE + 'sha256 = "abc"', "64 hexadecimal digits"),
        (TABLE + 'transform = "sqrt"', "'log' or 'log1p'"),
        (TABLE + '[kinds]\na = "number"', "'numeric' or 'nominal'"),
        ('target = "y"', "names no task"),
        ('task = "regression"', "either a target"),
        (EVENTS + 'target = "y"', "either a target"),
        ('task = "recommendation"\nuser = "u"', "user and item go together"),
        (EVENTS + "threshold = 4", "needs a weight column"),
        (TABLE + 'groups = "y"', "'y' has two roles"),
        (TABLE + 'drop = ["y"]', "'y' has two roles"),
    ],
)
def test_a_wrong_card_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(DatasetError) as caught:
        parse_card(text, "lab:card.toml")
    assert said in str(caught.value)
    assert "lab:card.toml" in str(caught.value)
