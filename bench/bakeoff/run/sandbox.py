"""Undo what a cell did to its worker, so that the next one starts from the same state.

Restored: working directory, environment, random states, numpy's error state, sys.path. Children
are killed and reaped. What cannot be undone (threads left running) asks for a fresh worker.
"""

from __future__ import annotations

import contextlib
import os
import random
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil


@dataclass(slots=True)
class Aftermath:
    """What was left behind: `recycle` asks the engine for a fresh worker, `notes` go to the record."""

    recycle: bool = False
    notes: tuple[str, ...] = ()


@contextlib.contextmanager
def clean_state(seed: int) -> Iterator[Aftermath]:
    """Seed everything global, run the cell, restore the state of the process."""
    cwd, environment, path = os.getcwd(), dict(os.environ), list(sys.path)
    errors, threads = np.geterr(), threading.active_count()
    aftermath = Aftermath()
    _seed(seed)
    try:
        yield aftermath
    finally:
        with contextlib.suppress(OSError):
            os.chdir(cwd)
        if dict(os.environ) != environment:
            os.environ.clear()
            os.environ.update(environment)
        sys.path[:] = path
        np.seterr(**errors)
        left = _kill_children()
        grown = threading.active_count() > threads
        aftermath.recycle = grown
        aftermath.notes = (f"left {left} child processes behind",) if left else ()


def _seed(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(seed)


def _may_have_children() -> bool:
    """Cheap where the kernel lists a thread's children; True where it does not say."""
    try:
        tasks = os.listdir("/proc/self/task")
        return any(Path(f"/proc/self/task/{t}/children").read_bytes() for t in tasks)
    except OSError:
        return True


def _kill_children() -> int:
    if not _may_have_children():
        return 0
    children: list[psutil.Process] = []
    with contextlib.suppress(psutil.Error):
        children = psutil.Process().children(recursive=True)
    for child in children:
        with contextlib.suppress(psutil.Error):
            child.kill()
    psutil.wait_procs(children, timeout=2)
    return len(children)
