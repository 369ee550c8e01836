"""The store: what became of every cell, in append-only files that need neither lock nor server.

Writing: `StoreWriter`. Reading: `StoreIndex` (a run that looks on as others write), `read_results` (leaderboards),
`read_predictions` and `read_targets` (a metric added later). The rules of the folder stand in `docs/store.md`.
It does not rank, score, delete or overwrite. numpy is imported only once predictions are written or read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bakeoff.store.index import StoreIndex
from bakeoff.store.query import Results, read_results
from bakeoff.store.writer import StoreWriter

if TYPE_CHECKING:
    from bakeoff.store.predictions import read_predictions, read_targets

__all__ = ["Results", "StoreIndex", "StoreWriter", "read_predictions", "read_results", "read_targets"]


def __getattr__(name: str) -> Any:
    if name not in ("read_predictions", "read_targets"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from bakeoff.store import predictions

    return getattr(predictions, name)
