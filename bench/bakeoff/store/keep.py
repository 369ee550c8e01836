"""Keeping predictions and targets, within bounds. What cannot be kept is no error: it gets its reason instead.

A record is worth more than its predictions: a full disk, a foreign type or a spent allowance never costs it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bakeoff.store.append import AppendFile
from bakeoff.store.layout import (
    CELL_LIMIT,
    PREDICTIONS,
    STORE_LIMIT,
    TARGETS_LIMIT,
    contained,
    show_bytes,
    targets_key,
    targets_path,
)
from bakeoff.store.sync import Syncer

if TYPE_CHECKING:
    import numpy as np

#: Own bytes written after which the folder is measured again, since other writers fill it too.
_MEASURE_EVERY = 16 << 20


class Keeper:
    """Serves one writer; its binary segment is made when the first predictions come."""

    def __init__(self, folder: Path, stem: str, syncer: Syncer, wanted: bool) -> None:
        self.folder, self.wanted = folder, wanted
        self._path = folder / PREDICTIONS / f"{stem}.bin"
        self._syncer = syncer
        self._file: AppendFile | None = None
        self._used: int | None = None
        self._since = 0

    def predictions(self, key: str, arrays: Mapping[str, np.ndarray]) -> dict[str, Any]:
        """Append one cell's arrays; {file, offset, length} or {reason}."""
        try:
            frame = self._frame(key, arrays, CELL_LIMIT, "a cell")
            if self._file is None:
                self._file = self._open()
            offset = self._file.append(frame)
        except (OSError, ValueError) as error:
            return {"reason": _reason(error)}
        self._since += len(frame)
        self._syncer.touch()
        return {"file": self._path.name, "offset": offset, "length": len(frame)}

    def targets(
        self, dataset_hash: str, protocol: str, split: str, arrays: Mapping[str, np.ndarray]
    ) -> dict[str, Any]:
        """Write one split's arrays, unless they are there; {file, length} or {reason}."""
        path = targets_path(self.folder, dataset_hash, protocol, split)
        key = targets_key(dataset_hash, protocol, split)
        try:
            frame = self._frame(key, arrays, TARGETS_LIMIT, "the targets of a split")
            if not path.is_file() or path.stat().st_size != len(frame):
                self._make(path.parent)
                _write_whole(path, frame)
                self._since += len(frame)
        except (OSError, ValueError) as error:
            return {"reason": _reason(error)}
        return {"file": path.relative_to(self.folder / PREDICTIONS).as_posix(), "length": len(frame)}

    def _frame(self, key: str, arrays: Mapping[str, np.ndarray], limit: int, what: str) -> bytes:
        if not self.wanted:
            raise ValueError("not wanted (--no-predictions)")
        from bakeoff.store.predictions import pack

        size = sum(int(getattr(a, "nbytes", 0)) for a in arrays.values())
        frame = pack(key, arrays) if size <= limit else b""  # what is far too large is not copied first
        size = len(frame) or size
        if size > limit:
            raise ValueError(f"{show_bytes(size)}, and {what} may keep {limit >> 20} MiB")
        if self._measured() + size > STORE_LIMIT:
            raise ValueError(f"the {STORE_LIMIT >> 30} GiB that a results folder may keep are spent")
        return frame

    def _measured(self) -> int:
        """Bytes kept in the folder, by all writers as far as known."""
        if self._used is None or self._since > _MEASURE_EVERY:
            self._used, self._since = _size(self._path.parent), 0
        return self._used + self._since

    def _open(self) -> AppendFile:
        self._make(self._path.parent)
        file = AppendFile(self._path)
        self._syncer.files.insert(0, file)  # synced before the records that point into it
        return file

    def _make(self, folder: Path) -> None:
        if not contained(self.folder, folder):
            raise OSError(f"{PREDICTIONS} is a symbolic link that leads out of the results folder")
        folder.mkdir(parents=True, exist_ok=True)


def _write_whole(path: Path, data: bytes) -> None:
    """Make a file that is there as a whole or not at all."""
    draft = path.with_name(f".{path.stem}.{secrets.token_hex(4)}.tmp")
    try:
        with open(draft, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(draft)
        raise


def _size(folder: Path) -> int:
    """Bytes of all files in a folder of predictions, links not followed."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):  # gone meanwhile
                total += os.lstat(os.path.join(place, name)).st_size
    return total


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, OSError):
        return f"could not be written: {error.strerror or error}"
    return str(error)
