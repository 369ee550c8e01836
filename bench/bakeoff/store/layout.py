"""Where things lie in a results folder, how large they may grow, and what to say when it cannot be used.

    <folder>/segments/<utc>-<host>-<pid>-<rand>.jsonl      one a writer process: header line, then a record a line
    <folder>/predictions/<same stem>.bin                   kept predictions of those records, one frame a cell
    <folder>/predictions/targets/<key>.bin                 row ids and targets, once per dataset, protocol and split

Knows names and limits only; opens nothing.
"""

from __future__ import annotations

import errno
import hashlib
import os
import platform
import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path

from bakeoff.model.errors import StoreError
from bakeoff.model.keys import content_key

SEGMENTS = "segments"
PREDICTIONS = "predictions"
TARGETS = "targets"

#: The longest lines that are written, and read. A header holds the planned grid: about 400 bytes a cell.
HEADER_LIMIT = 32 << 20
RECORD_LIMIT = 1 << 20

#: Bytes of predictions a cell and a store may keep. Targets are kept once for all techniques and as 16 bytes a
#: row where a prediction is 4, so that wherever a cell's predictions fit, the targets fit too.
CELL_LIMIT = 1 << 20
TARGETS_LIMIT = 8 << 20
STORE_LIMIT = 1 << 30

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def new_stem() -> str:
    """A name no other writer has, sorted by time. Of the host only a hash: results are published."""
    host = hashlib.sha256(platform.node().encode(errors="replace")).hexdigest()[:6]
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{host}-{os.getpid()}-{secrets.token_hex(4)}"


def targets_path(folder: Path, dataset_hash: str, protocol: str, split: str) -> Path:
    """The file of one split's targets: named by its content, so that whoever writes it writes the same."""
    return folder / PREDICTIONS / TARGETS / f"{targets_key(dataset_hash, protocol, split)}.bin"


def targets_key(dataset_hash: str, protocol: str, split: str) -> str:
    """What the frame of a split's targets is marked with."""
    return content_key(["targets", dataset_hash, protocol, split])


def contained(folder: Path, path: Path) -> bool:
    """Whether `path`, symbolic links resolved, lies in `folder`. A results folder may come from anybody."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a loop of links
        return False


def show_bytes(count: int) -> str:
    """`812 bytes`, `3.4 MB`."""
    return f"{count} bytes" if count < 100_000 else f"{count / 1e6:.1f} MB"


def unwritable(folder: Path, error: OSError | ValueError) -> StoreError:
    """Say that a folder cannot be written, why, and what to do."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return StoreError(
            f"the results folder {str(folder)!r} takes no more ({error.strerror}; {_free(folder)} free). "
            "What was finished before is safe.",
            hint="Make room and run the same command again: it goes on where it stopped.",
        )
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return StoreError(
        f"the results folder {str(folder)!r} cannot be written: {reason}. What was finished before is safe.",
        hint="Name a folder you may write to with --results.",
    )


def _free(folder: Path) -> str:
    try:
        return show_bytes(shutil.disk_usage(folder).free)
    except OSError:
        return "an unknown number of bytes"
