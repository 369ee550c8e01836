"""Brings what was appended to the disk within 200 ms, beside the work: an fsync takes longer than a short cell.

A process that is killed loses nothing (the kernel has the data); this bounds what a power cut takes.
"""

from __future__ import annotations

import threading

from bakeoff.store.append import AppendFile

#: Seconds between a change and its fsync. Half of the 200 ms that are promised; the rest is for the disk.
DELAY = 0.1


class Syncer:
    """A daemon thread that syncs `files`, in their order, soon after `touch`.

    error: the first failure, for whoever appends next. The thread goes on.
    """

    def __init__(self) -> None:
        self.files: list[AppendFile] = []
        self.error: OSError | None = None
        self._changed = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="bakeoff-fsync", daemon=True)
        self._thread.start()

    def touch(self) -> None:
        """Say that one of the files has changed."""
        self._changed.set()

    def close(self) -> None:
        """Sync a last time and close the files. Safe at interpreter exit and in a finalizer."""
        self._stopped.set()
        self._changed.set()
        if threading.current_thread() is not self._thread:
            self._thread.join()
        self._sync()
        for file in self.files:
            file.close()

    def _work(self) -> None:
        while True:
            self._changed.wait()
            if self._stopped.wait(DELAY):
                return
            self._changed.clear()
            self._sync()

    def _sync(self) -> None:
        for file in tuple(self.files):
            try:
                file.sync()
            except OSError as error:
                self.error = self.error or error
