"""Writing: one segment for this process, its header first, then a record a line, safe the moment `append` returns.

Takes finished records; does not decide what is run, and never touches another writer's files.
"""

from __future__ import annotations

import contextlib
import os
import weakref
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from bakeoff.model.errors import StoreError
from bakeoff.model.header import Header
from bakeoff.model.record import Record
from bakeoff.store.append import AppendFile
from bakeoff.store.keep import Keeper
from bakeoff.store.layout import SEGMENTS, contained, new_stem, unwritable
from bakeoff.store.lines import header_line, record_line
from bakeoff.store.sync import Syncer

if TYPE_CHECKING:
    import numpy as np


class StoreWriter:
    """Appends the records of one run to a results folder, which is made if need be.

    keep_predictions: False leaves predictions and targets out (`--no-predictions`), and the records say so.
    Raises StoreError where the folder cannot be written, before anything has been run. Any number of writers
    may work on one folder at once, in one or many processes, on one or many machines.
    """

    def __init__(self, folder: Path, header: Header, keep_predictions: bool = True) -> None:
        self.folder = Path(folder)
        line = header_line(header)
        stem = new_stem()
        try:
            self._segment = self._create(self.folder / SEGMENTS / f"{stem}.jsonl", line)
        except (OSError, ValueError) as error:  # ValueError: a path with a NUL in it
            raise unwritable(self.folder, error) from error
        self._syncer = Syncer()
        self._syncer.files.append(self._segment)
        self._syncer.touch()
        self._keeper = Keeper(self.folder, stem, self._syncer, keep_predictions)
        # Closes at `close`, when the writer is forgotten, and at interpreter exit, whichever comes first.
        self._closer = weakref.finalize(self, self._syncer.close)

    @property
    def path(self) -> Path:
        """The segment this writer appends to."""
        return self._segment.path

    def append(self, record: Record, predictions: Mapping[str, np.ndarray] | None = None) -> Record:
        """Write a record, its predictions before it, and return it as written.

        The returned record's `predictions` is {file, offset, length}, {reason} where they could not be kept,
        or unchanged where there are none. StoreError where the record cannot be written: it then has left
        nothing behind, and what was appended before is safe.
        """
        self._check()
        kept: dict[str, Any] | None = None
        if predictions is not None:
            kept = self._keeper.predictions(record.key, predictions)
        record, line = record_line(record, kept)
        try:
            self._segment.append(line)
        except OSError as error:
            raise unwritable(self.folder, error) from error
        self._syncer.touch()
        return record

    def keep_targets(
        self, dataset_hash: str, protocol: str, split: str, arrays: Mapping[str, np.ndarray]
    ) -> dict[str, Any]:
        """Keep what a metric added later needs beside predictions: the test part's row ids and targets.

        Once per (dataset_hash, protocol, split) in this folder, whoever comes first. Returns {file, length},
        or {reason} where they could not be kept; that never stops a run.
        """
        self._check()
        return self._keeper.targets(dataset_hash, protocol, split, arrays)

    def close(self) -> None:
        """Bring everything to the disk and close; StoreError if the disk did not take it. Harmless twice."""
        self._closer()
        self._raise_sync_error()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
            return
        with contextlib.suppress(StoreError):  # what went wrong first is what the user must read
            self.close()

    def _create(self, path: Path, line: bytes) -> AppendFile:
        if not contained(self.folder, path.parent):
            raise OSError(f"{SEGMENTS} is a symbolic link that leads out of the folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        segment = AppendFile(path, terminator=b"\n")
        try:
            segment.append(line)
        except BaseException:
            segment.close()
            with contextlib.suppress(OSError):
                os.unlink(path)
            raise
        return segment

    def _check(self) -> None:
        if not self._closer.alive:
            raise ValueError("this StoreWriter is closed")
        self._raise_sync_error()

    def _raise_sync_error(self) -> None:
        error = self._syncer.error
        if error is not None:
            raise StoreError(
                f"the disk did not confirm the last records in {str(self.folder)!r}: {error.strerror}.",
                hint="Check the disk, then run the same command again: only what is missing is done.",
            ) from error
