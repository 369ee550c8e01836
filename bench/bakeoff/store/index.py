"""What a results folder holds, looked at again and again while others write to it.

Keeps the best record a key. Opens segments for reading only; whoever decides what to run asks `latest`.
"""

from __future__ import annotations

import contextlib
import gc
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

from bakeoff.model.errors import StoreError
from bakeoff.model.header import Header
from bakeoff.model.record import Record
from bakeoff.model.words import NEVER_REUSED, Status
from bakeoff.store.layout import SEGMENTS, contained
from bakeoff.store.tail import Tail


class StoreIndex:
    """The records of one folder, by key.

    latest: the record that stands for a key (see `supersedes`). attempts: the highest attempt seen.
    The folder need not exist yet. Safe from any thread.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self.latest: dict[str, Record] = {}
        self.attempts: dict[str, int] = {}
        self._tails: dict[str, Tail] = {}
        self._refused: dict[str, str] = {}
        self._lock = threading.Lock()

    @property
    def headers(self) -> list[Header]:
        """The headers of all segments, in the order of the segments' names, which is that of time."""
        return [header for _, tail in sorted(self._tails.items()) for header in tail.headers]

    @property
    def problems(self) -> list[str]:
        """What could not be read, a sentence each, with file and line."""
        told = [p for _, tail in sorted(self._tails.items()) for p in tail.problems]
        return [*self._refused.values(), *told]

    @property
    def segments(self) -> int:
        """How many segments have been seen."""
        return len(self._tails)

    def refresh(self, *, final: bool = False) -> list[Record]:
        """Read what all writers appended since the last call, and return those records.

        Costs one look at the folder where nothing has changed. A line that is half written is read once it is
        whole; with `final` it is reported as torn. StoreError if the folder cannot be read.
        """
        with self._lock, _uncollected():
            fresh: list[Record] = []
            seen = set()
            for name, size in self._sizes():
                seen.add(name)
                tail = self._tails.get(name)
                if tail is None:
                    tail = self._tails[name] = Tail(self.folder / SEGMENTS / name)
                if size != tail.size or final:
                    fresh += self._read(tail, size, final)
            for name in self._tails.keys() - seen:
                self._tails[name].report("it vanished; the records read from it before still count")
            for record in fresh:
                self._add(record)
            return fresh

    def _sizes(self) -> Iterator[tuple[str, int]]:
        place = self.folder / SEGMENTS
        try:
            if place.is_symlink() and not contained(self.folder, place):
                self._refuse(place, "a symbolic link that leads out of the folder")
                return
            with os.scandir(place) as entries:
                found = sorted((e for e in entries if e.name.endswith(".jsonl")), key=lambda e: e.name)
        except FileNotFoundError:
            return
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise StoreError(f"the results folder {str(self.folder)!r} cannot be read: {reason}.") from error
        for entry in found:
            size = self._size(entry)
            if size is not None:
                yield entry.name, size

    def _size(self, entry: os.DirEntry[str]) -> int | None:
        """Bytes of a segment, None for what is none."""
        path = self.folder / SEGMENTS / entry.name
        try:
            if entry.is_symlink() and not contained(self.folder, path):
                self._refuse(path, "a symbolic link that leads out of the folder")
                return None
            found = entry.stat()
        except FileNotFoundError:  # it vanished just now, or is a link to nothing
            return None
        except OSError as error:
            self._refuse(path, str(error.strerror))
            return None
        if not stat.S_ISREG(found.st_mode):
            self._refuse(path, "not a file")
            return None
        return found.st_size

    def _refuse(self, path: Path, reason: str) -> None:
        self._refused[path.name] = f"{path}: {reason}; left out"

    def _read(self, tail: Tail, size: int, final: bool) -> list[Record]:
        try:
            return tail.read(size, final)
        except FileNotFoundError:
            tail.report("it vanished while it was being read")
        except OSError as error:
            tail.report(f"it cannot be read: {error.strerror}")
        return []

    def _add(self, record: Record) -> None:
        key = record.key
        old = self.latest.get(key)
        if old is None or supersedes(record, old):
            self.latest[key] = record
        if record.attempt > self.attempts.get(key, 0):
            self.attempts[key] = record.attempt


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Pause the cyclic garbage collector: records hold no cycles, and it would look at all of them over and over
    (a third of the time of reading 100,000)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def supersedes(new: Record, old: Record) -> bool:
    """Whether `new` stands for a key instead of `old`.

    The newest attempt does; but `ok` never gives way to anything worse, nor a real ending to one that says
    nothing about the technique (unavailable, not_run, interrupted). Whatever the order in which records are
    read, the same one is left.
    """
    mine = (_worth(new), new.attempt, new.started_at)
    theirs = (_worth(old), old.attempt, old.started_at)
    if mine != theirs:
        return mine > theirs
    return new != old and new.to_json() > old.to_json()


def _worth(record: Record) -> int:
    if record.status == Status.OK:
        return 2
    return 0 if record.status in NEVER_REUSED else 1
