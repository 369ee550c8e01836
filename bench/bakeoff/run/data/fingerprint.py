"""A dataset's fingerprint: what it holds and in which role, whatever it is called and whoever read it.

Equal content has an equal fingerprint on every machine and every version of pandas: hashed are little-endian
float64 values (one NaN, one zero), int64 codes and the strings they stand for, never a library's own bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from bakeoff.model.keys import canonical

#: Rises when the same content would get another fingerprint.
VERSION = "bakeoff-data-1"


def table_fingerprint(
    frame: pd.DataFrame,
    target: np.ndarray,
    classes: Sequence[str],
    groups: np.ndarray | None,
    time: np.ndarray | None,
) -> str:
    """Hash inputs, target, groups and time of a table (see `TableData`); 64 hexadecimal digits."""
    columns = [frame[name] for name in frame.columns]
    header = {
        "kind": "table",
        "rows": len(target),
        "columns": [[str(column.name), _levels(column)] for column in columns],
        "classes": list(classes),
        "roles": [groups is not None, time is not None],
    }
    arrays = [c.to_numpy() if _levels(c) is None else c.cat.codes.to_numpy() for c in columns]
    return _digest(header, [*arrays, target, *(a for a in (groups, time) if a is not None)])


def interaction_fingerprint(
    users: np.ndarray,
    items: np.ndarray,
    weights: np.ndarray,
    user_ids: Sequence[str],
    item_ids: Sequence[str],
    time: np.ndarray | None,
) -> str:
    """Hash events in file order (see `InteractionData`); 64 hexadecimal digits."""
    header = {
        "kind": "interactions",
        "rows": len(users),
        "users": list(user_ids),
        "items": list(item_ids),
        "roles": [time is not None],
    }
    return _digest(header, [users, items, weights, *([] if time is None else [time])])


def _levels(column: pd.Series) -> list[str] | None:
    return list(column.cat.categories) if isinstance(column.dtype, pd.CategoricalDtype) else None


def _digest(header: object, arrays: Iterable[np.ndarray]) -> str:
    digest = hashlib.sha256(f"{VERSION}\n{canonical(header)}\n".encode())
    for array in arrays:
        digest.update(_plain(array).data)
    return digest.hexdigest()


def _plain(array: np.ndarray) -> np.ndarray:
    if array.dtype.kind != "f":
        return np.ascontiguousarray(array, dtype="<i8")
    values = np.asarray(array, dtype="<f8") + 0.0  # -0.0 becomes 0.0
    values[np.isnan(values)] = np.nan  # a NaN has many bit patterns
    return values
