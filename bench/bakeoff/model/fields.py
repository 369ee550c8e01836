"""Checks of a record's and a header's fields, one function a kind: (name, value), ValueError with the name.

A segment may come from anybody, and whoever reads records does arithmetic on them. Written by hand rather than
by a schema library, because a leaderboard reads a hundred thousand records.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from typing import Any

_MAX = sys.float_info.max


def finite(value: Any) -> Any:
    """The same with dicts, lists, and None where a number is NaN or infinite: what strict JSON can hold."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {k: finite(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(v) for v in value]
    return value


def text(name: str, value: Any) -> None:
    """A string."""
    if not isinstance(value, str):
        raise ValueError(f"{name} is not a string")


def text_or_none(name: str, value: Any) -> None:
    """A string, or None."""
    if value is not None:
        text(name, value)


def whole(name: str, value: Any) -> None:
    """An integer of at most 64 bits; True is none."""
    if type(value) is not int or not -(1 << 63) <= value < 1 << 63:
        raise ValueError(f"{name} is not a whole number")


def whole_or_none(name: str, value: Any) -> None:
    """Such an integer, or None."""
    if value is not None:
        whole(name, value)


def number_or_none(name: str, value: Any) -> None:
    """A finite number, or None."""
    if value is None:
        return
    # Compared, not converted: an integer of a thousand digits is no float, and NaN is in no range.
    if not isinstance(value, (float, int)) or isinstance(value, bool) or not -_MAX <= value <= _MAX:
        raise ValueError(f"{name} is not a finite number")


def mapping(name: str, value: Any) -> None:
    """A JSON object."""
    if type(value) is not dict and not isinstance(value, Mapping):
        raise ValueError(f"{name} is not an object")


def mapping_or_none(name: str, value: Any) -> None:
    """A JSON object, or None."""
    if value is not None:
        mapping(name, value)


def numbers(name: str, value: Any) -> None:
    """A JSON object whose values are finite numbers or None."""
    mapping(name, value)
    for inner, number in value.items():
        if type(number) is not float or not -_MAX <= number <= _MAX:
            number_or_none(f"{name}.{inner}", number)


def texts(name: str, value: Any) -> None:
    """A list of strings."""
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"{name} is not a list of strings")
    for inner in value:
        if not isinstance(inner, str):
            raise ValueError(f"{name} is not a list of strings")


def named_texts(name: str, value: Any) -> None:
    """A JSON object whose values are strings."""
    mapping(name, value)
    for key, inner in value.items():
        if not isinstance(inner, str):
            raise ValueError(f"{name}.{key} is not a string")


def mappings(name: str, value: Any) -> None:
    """A list of JSON objects."""
    if not isinstance(value, (list, tuple)) or not all(isinstance(v, Mapping) for v in value):
        raise ValueError(f"{name} is not a list of objects")


def named_mappings(name: str, value: Any) -> None:
    """A JSON object whose values are objects."""
    mapping(name, value)
    mappings(name, list(value.values()))
