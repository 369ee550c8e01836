"""A dataset's card: what it is, where it comes from, under which licence, and the role of each column.

`parse_card` reads a card's TOML and checks it on its own; whether the file it speaks of holds those columns
is found out by `run/data`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import Any

from bakeoff.model.errors import DatasetError

#: What a column may be.
KINDS = ("numeric", "nominal")
#: What may be done to a numeric target before anybody sees it.
TRANSFORMS = ("log", "log1p")


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The parsed TOML card of a dataset (`parse_card` in `model/card.py` checks it).

    file: resource path of a shipped csv.gz beside the card, or None where a loader brings the rows.
    sha256: of the shipped or fetched file. kinds: column -> "numeric" | "nominal" (others are inferred).
    positive: label of the positive class. origin: datasets of one origin count once in statistics.
    drop: columns never shown to a technique. groups, time: column names or None; they are roles and no inputs.
    transform: "log" or "log1p" of a numeric target.
    For interactions: user, item, weight (or None), time, and `threshold`: keep events with weight >= it, and
    from then on every kept event counts 1. Without a threshold the weights are counts and stay.
    extra: whatever the dataset's own loader wants to know.
    """

    name: str
    task: str
    title: str = ""
    target: str | None = None
    positive: str | None = None
    file: str | None = None
    sha256: str | None = None
    rows: int | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    groups: str | None = None
    time: str | None = None
    user: str | None = None
    item: str | None = None
    weight: str | None = None
    threshold: float | None = None
    transform: str | None = None
    origin: str = ""
    licence: str = ""
    source: str = ""
    citation: str = ""
    made_by: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)


def parse_card(text: str, where: str) -> Card:
    """Read a card from TOML. `where` names the file in messages.

    Raises DatasetError for broken TOML, an unknown key (with the nearest), a value of the wrong type, and
    for a card that names neither a target nor users and items.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DatasetError(f"the card {where} is not valid TOML: {error}.") from error
    for key, value in values.items():
        _check_value(key, value, where)
    if not values.get("task"):
        raise _wrong(where, "it names no task", 'Write task = "classification", for instance.')
    values.setdefault("name", "")
    values["drop"] = tuple(values.get("drop", ()))
    card = Card(**values)
    _check_roles(card, where)
    return card


def _wrong(where: str, what: str, hint: str = "") -> DatasetError:
    return DatasetError(f"the card {where} is wrong: {what}.", hint=hint)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_kinds(value: Any) -> bool:
    return isinstance(value, dict) and all(kind in KINDS for kind in value.values())


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def _is_sha256(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None


def _is_transform(value: Any) -> bool:
    return value in TRANSFORMS


_CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "rows": (_is_count, "a positive whole number"),
    "threshold": (_is_number, "a number"),
    "drop": (_is_texts, "a list of column names"),
    "kinds": (_is_kinds, f"a table of column = {' or '.join(map(repr, KINDS))}"),
    "extra": (_is_table, "a table"),
    "sha256": (_is_sha256, "64 hexadecimal digits in lower case"),
    "transform": (_is_transform, " or ".join(map(repr, TRANSFORMS))),
}


def _check_value(key: str, value: Any, where: str) -> None:
    known = [f.name for f in fields(Card)]
    if key not in known:
        near = get_close_matches(key, known, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(known)}."
        raise _wrong(where, f"it has an unknown key {key!r}", hint)
    check, meaning = _CHECKS.get(key, (_is_text, "a string"))
    if not check(value):
        raise _wrong(where, f"{key} must be {meaning}, and is {value!r}")


def _check_roles(card: Card, where: str) -> None:
    if (card.user is None) != (card.item is None):
        raise _wrong(where, "user and item go together", "Name both columns.")
    if (card.target is None) == (card.user is None):
        raise _wrong(where, "it needs either a target (tables) or user and item (interactions)")
    if card.threshold is not None and card.weight is None:
        raise _wrong(where, "a threshold needs a weight column to be compared with")
    roles = [card.target, card.groups, card.time, card.user, card.item, card.weight]
    named = [role for role in roles if role is not None]
    twice = sorted({role for role in named if named.count(role) > 1} | (set(named) & set(card.drop)))
    if twice:
        raise _wrong(where, f"the column {twice[0]!r} has two roles")
