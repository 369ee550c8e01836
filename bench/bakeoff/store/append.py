"""A file to which one process appends: whole pieces or nothing, each by a single `write`.

What a full disk or an interruption leaves of a piece is cut off again, so that the next one never glues to it.
Does not know what a record is, and leaves it to `sync.py` when data must be on the disk.
"""

from __future__ import annotations

import contextlib
import errno
import os
import threading
from pathlib import Path

_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL
_FLAGS |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)

#: What file systems answer that cannot fsync at all: nothing we could do better.
_NO_FSYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.ENOSYS})


class AppendFile:
    """A new file, opened for appending. Safe from any thread of the process that made it.

    terminator: put in front of the next piece where a torn one could not be cut off (a newline for lines).
    Every method raises OSError as the system does.
    """

    def __init__(self, path: Path, terminator: bytes = b"") -> None:
        self.path = path
        self._terminator = terminator
        self._fd = os.open(path, _FLAGS, 0o666)
        self._pid = os.getpid()
        self._links = os.fstat(self._fd).st_nlink
        self._lock = threading.Lock()
        self._torn = False
        self._dirty = True
        _sync_folder(path.parent)

    def append(self, data: bytes) -> int:
        """Append `data` as one piece and return the offset where it lies."""
        with self._lock:
            before = self._end()
            piece = self._terminator + data if self._torn else data
            try:
                self._write(piece)
            except BaseException:
                self._repair(before, len(piece))
                raise
            self._torn, self._dirty = False, True
            return before + len(piece) - len(data)

    def sync(self) -> None:
        """Wait until everything appended so far is on the disk; cheap where it is."""
        if not self._dirty:
            return
        self._dirty = False  # first, so that a piece appended meanwhile is synced next time
        try:
            os.fsync(self._fd)
        except OSError as error:
            if error.errno not in _NO_FSYNC:
                raise

    def close(self) -> None:
        """Close the file without syncing."""
        os.close(self._fd)

    def _write(self, piece: bytes) -> None:
        written = os.write(self._fd, piece)
        while written < len(piece):  # short: the disk is nearly full; the rest fits, or raises
            more = os.write(self._fd, piece[written:])
            if more == 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            written += more

    def _end(self) -> int:
        """Where the file ends. It is asked, not counted: an interruption may hide what a write has done."""
        if os.getpid() != self._pid:
            raise OSError(errno.EPERM, "a segment belongs to the process that made it")
        found = os.fstat(self._fd)
        if self._links and not found.st_nlink:
            raise FileNotFoundError(errno.ENOENT, f"{self.path.name} was deleted while it was being written")
        return found.st_size

    def _repair(self, before: int, length: int) -> None:
        try:
            if self._end() not in (before, before + length):
                os.ftruncate(self._fd, before)
        except OSError:
            self._torn = True


def _sync_folder(folder: Path) -> None:
    """Make a new file's name last through a power cut, where folders can be synced (not on Windows)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
