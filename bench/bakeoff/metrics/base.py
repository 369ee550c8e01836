"""What all metrics share: how one says that it has no value, and how several are collected.

A metric function returns a finite float or raises `Undefined`; it never returns NaN.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass


class Undefined(ValueError):
    """The metric has no value on these predictions; the message says why, in a few words."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Several metrics at once. A value is finite or None; for each None, `notes` has `name: reason`."""

    values: dict[str, float | None]
    notes: tuple[str, ...] = ()


def collect(calls: Mapping[str, Callable[[], float]]) -> Bundle:
    """Call each metric; what is undefined or not finite becomes None with a note."""
    values: dict[str, float | None] = {}
    notes: list[str] = []
    for name, call in calls.items():
        try:
            value = float(call())
            reason = "" if math.isfinite(value) else "not a finite number (overflow)"
        except Undefined as error:
            value, reason = math.nan, str(error)
        values[name] = None if reason else value
        if reason:
            notes.append(f"{name}: {reason}")
    return Bundle(values, tuple(notes))
