"""One raw column, as a file or a loader has it, made into what the harness works with: numbers or labels.

Numeric: float64, NaN where missing; dates are seconds since 1970-01-01 UTC; infinities become missing.
Nominal: Python strings, None where missing. What was done beyond the obvious is said in `notes`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types

from bakeoff.model.errors import DatasetError

#: How a date must begin for a column of strings to be taken for dates (ISO 8601).
_ISO_DATE = re.compile(r"\d{4}-\d{2}(-\d{2})?([T ]\d{2}.*)?$")
_NUMBERS = {"integer", "floating", "mixed-integer-float", "decimal"}
_DATES = {"date", "datetime", "datetime64"}
#: How many of a unit's ticks make a second.
_TICKS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


@dataclass(frozen=True, slots=True)
class Column:
    """A clean column. values: float64 (n,) where numeric, an object array (n,) of str or None where nominal."""

    name: str
    kind: str
    values: np.ndarray
    notes: tuple[str, ...] = ()

    @property
    def missing(self) -> np.ndarray:
        """Boolean (n,): where there is no value."""
        return np.asarray(pd.isna(self.values))


def clean(series: pd.Series, name: str, where: str, kind: str | None = None) -> Column:
    """Make a column of the given kind, or of the kind its values suggest (None).

    Raises DatasetError where the values are not numbers though `kind` says so, or are no scalars at all.
    """
    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.astype(object)
    if kind == "nominal":
        return Column(name, "nominal", _labels(series, name, where))
    dtype = series.dtype
    if types.is_bool_dtype(dtype) and kind is None:
        return Column(name, "nominal", _labels(series, name, where))
    if types.is_numeric_dtype(dtype) and not types.is_complex_dtype(dtype):
        return _numeric(name, series.to_numpy(dtype=np.float64, na_value=np.nan))
    if types.is_datetime64_any_dtype(dtype) or types.is_timedelta64_dtype(dtype):
        return _seconds(name, series)
    return _from_objects(series, name, where, kind)


def _from_objects(series: pd.Series, name: str, where: str, kind: str | None) -> Column:
    values = series.to_numpy(dtype=object)
    inferred = types.infer_dtype(values, skipna=True)
    if inferred == "empty":
        return _numeric(name, np.full(len(values), np.nan))
    if inferred in _NUMBERS:
        return _numeric(name, pd.to_numeric(series).to_numpy(dtype=np.float64, na_value=np.nan))
    if inferred in _DATES or _look_like_dates(values):
        stamps = pd.to_datetime(pd.Series(values), utc=True, errors="coerce", format="ISO8601")
        if (stamps.isna().to_numpy() == pd.isna(values)).all():
            return _seconds(name, stamps)
    if kind == "numeric":
        return _numeric(name, _forced(values, name, where))
    return Column(name, "nominal", _labels(series, name, where))


def _look_like_dates(values: np.ndarray) -> bool:
    first = next(value for value in values if not _is_missing(value))
    return isinstance(first, str) and _ISO_DATE.match(first) is not None


def _forced(values: np.ndarray, name: str, where: str) -> np.ndarray:
    numbers = pd.to_numeric(pd.Series(values), errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    bad = np.isnan(numbers) & ~np.asarray(pd.isna(values))
    if bad.any():
        shown = ", ".join(repr(str(value)) for value in values[bad][:3])
        raise DatasetError(
            f"the column {name!r} of {where} should hold numbers and has {int(bad.sum())} other values: {shown}."
        )
    return numbers


def _numeric(name: str, numbers: np.ndarray, notes: tuple[str, ...] = ()) -> Column:
    infinite = np.isinf(numbers)
    if infinite.any():
        numbers = np.where(infinite, np.nan, numbers)
        notes += (f"column {name!r}: {int(infinite.sum())} infinite values are taken as missing",)
    return Column(name, "numeric", np.ascontiguousarray(numbers, dtype=np.float64), notes)


def _seconds(name: str, series: pd.Series) -> Column:
    if types.is_timedelta64_dtype(series.dtype):
        ticks, meaning = series.to_numpy(), "time spans are taken as seconds"
    else:
        stamps = pd.to_datetime(series, utc=True).dt.tz_localize(None)
        ticks, meaning = stamps.to_numpy(), "dates are taken as seconds since 1970"
    unit, step = np.datetime_data(ticks.dtype)
    a_second = _TICKS[unit] // step
    # Whole seconds and the rest apart: the same date is the same number, whichever unit pandas keeps it in.
    whole, rest = np.divmod(ticks.astype(np.int64), a_second)
    seconds = np.where(np.isnat(ticks), np.nan, whole + rest / a_second)
    return _numeric(name, seconds, (f"column {name!r}: {meaning}",))


def _labels(series: pd.Series, name: str, where: str) -> np.ndarray:
    """Strings, None where missing; whole numbers lose the `.0` which a gap elsewhere in the column gave them."""
    values = series.to_numpy(dtype=object)
    labels = np.empty(len(values), dtype=object)
    known: dict[Any, str | None] = {}
    for place, value in enumerate(values):
        try:
            # 1, 1.0 and True are equal as keys: the type belongs to the key.
            key = (value.__class__, value)
            if key not in known:
                known[key] = _label(value, name, where)
            labels[place] = known[key]
        except TypeError as error:
            raise _no_scalar(value, name, where) from error
    return labels


def _label(value: Any, name: str, where: str) -> str | None:
    if _is_missing(value):
        return None
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    if isinstance(value, bytes) or not types.is_scalar(value):
        raise _no_scalar(value, name, where)
    return str(value)


def _is_missing(value: Any) -> bool:
    return value is None or (types.is_scalar(value) and bool(pd.isna(value)))


def _no_scalar(value: Any, name: str, where: str) -> DatasetError:
    kind = type(value).__name__
    hint = f"Leave the column out with --drop {name}."
    return DatasetError(
        f"the column {name!r} of {where} holds {kind} values, not one value a row.", hint=hint
    )
