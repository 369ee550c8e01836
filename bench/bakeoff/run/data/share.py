"""How a table's inputs reach workers: float64 and int32 blocks in a folder, mapped read-only by all of them.

Targets, groups and times are never written here. Interactions need no share: a recommender gets the training
matrix by message. This module imports numpy, pandas and the standard library alone, since workers read with it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from bakeoff.run.data.types import Data

COLUMNS = "columns.json"
NUMERIC = "numeric.npy"
CODES = "codes.npy"


def categorical(codes: np.ndarray, levels: Sequence[str]) -> pd.Categorical:
    """Codes into `levels` (-1: missing) as pandas has them; the levels' index holds plain Python strings on
    every version of pandas, with pyarrow or without."""
    dtype = pd.CategoricalDtype(pd.Index(levels, dtype=object))
    return pd.Categorical.from_codes(codes, dtype=dtype)


def assemble(columns: dict[str, Any], rows: int) -> pd.DataFrame:
    """Columns (float64 arrays and categoricals) as a frame, without copying the numeric ones."""
    return pd.DataFrame(columns, index=pd.RangeIndex(rows), copy=False)


def share(data: Data, folder: Path) -> None:
    """Write the inputs of a table into `folder`, columns.json last. Interactions leave it empty."""
    folder.mkdir(parents=True, exist_ok=True)
    frame: pd.DataFrame | None = getattr(data, "frame", None)
    if frame is None:
        return
    numeric = [name for name in frame.columns if frame[name].dtype == np.float64]
    nominal = [name for name in frame.columns if name not in set(numeric)]
    _write(folder / NUMERIC, [frame[name].to_numpy() for name in numeric], "<f8", len(frame))
    _write(folder / CODES, [frame[name].cat.codes.to_numpy() for name in nominal], "<i4", len(frame))
    places = {name: place for names in (numeric, nominal) for place, name in enumerate(names)}
    columns = [
        {"name": name, "at": places[name]}
        | ({} if name in set(numeric) else {"levels": list(frame[name].cat.categories)})
        for name in frame.columns
    ]
    text = json.dumps({"rows": len(frame), "columns": columns}, ensure_ascii=False)
    (folder / COLUMNS).write_text(text, encoding="utf-8")


def open_share(folder: Path) -> pd.DataFrame:
    """The frame that `share` wrote: numeric columns are read-only views of a memory map, `take` copies the
    rows asked for. Equal to the original in values, dtypes, levels, columns and index."""
    described = json.loads((folder / COLUMNS).read_text(encoding="utf-8"))
    numeric, codes = _map(folder / NUMERIC), _map(folder / CODES)
    columns = {
        column["name"]: categorical(codes[column["at"]], column["levels"])
        if "levels" in column
        else numeric[column["at"]]
        for column in described["columns"]
    }
    return assemble(columns, described["rows"])


def _write(path: Path, columns: Sequence[np.ndarray], dtype: str, rows: int) -> None:
    if not columns or not rows:  # an empty block cannot be mapped
        return
    # One column after the other on disk: a worker that reads few columns maps few pages.
    block = np.empty((len(columns), rows), dtype=dtype)
    for place, column in enumerate(columns):
        block[place] = column
    np.save(path, block, allow_pickle=False)


def _map(path: Path) -> np.ndarray:
    if not path.exists():
        return np.empty((0, 0))
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
