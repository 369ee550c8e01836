"""A technique that looks for test targets: in all memory of its process, in its descriptors, in the harness's API."""

import gc
import os

import numpy as np

BASE, STEP = (
    777_000.25,
    2.0,
)  # target of row r is BASE + STEP * r: no other number of the process looks like that


class Snoop:
    """Regression; column `row` holds the row number. Reports how many training and test targets it finds."""

    def fit(self, X, y):
        self.train = set(X[:, 0].astype(int))
        self.mean = float(y.mean())
        self.diagnostics_ = {"own": len(rows_in_memory() & self.train), "foreign_in_fit": self._foreign()}
        return self

    def predict(self, X):
        if self._foreign() or rows_in_descriptors() - self.train or rows_in_objects() - self.train:
            raise RuntimeError("found test targets")
        return np.full(len(X), self.mean)

    def _foreign(self):
        return len(rows_in_memory() - self.train)


def rows_in(block):
    """Rows whose target stands in these bytes, at any alignment."""
    found = set()
    for offset in range(8):
        usable = (len(block) - offset) // 8 * 8
        numbers = np.frombuffer(block, "<f8", usable // 8, offset)
        with np.errstate(all="ignore"):
            rows = (numbers - BASE) / STEP
            near = rows[(rows >= 0) & (rows < 100_000) & (rows == np.floor(rows))]
        found |= set(near.astype(int))
    return found


def rows_in_memory():
    """Everything this process can read of itself, memory maps of files included."""
    found = set()
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps:
            span, rights, *_ = line.split()
            if not rights.startswith("r") or line.rstrip().endswith(("[vvar]", "[vsyscall]")):
                continue
            start, end = (int(x, 16) for x in span.split("-"))
            try:
                memory.seek(start)
                found |= rows_in(memory.read(min(end - start, 2**28)))
            except (OSError, ValueError):
                continue
    return found


def rows_in_descriptors():
    """Files this process holds open."""
    found = set()
    for name in os.listdir("/proc/self/fd"):
        try:
            target = os.readlink(f"/proc/self/fd/{name}")
            if os.path.isfile(target):
                with open(target, "rb") as stream:
                    found |= rows_in(stream.read(2**26))
        except OSError:
            continue
    return found


def rows_in_objects():
    """Arrays reachable by the garbage collector, views' bases included."""
    arrays = [o for o in gc.get_objects() if isinstance(o, np.ndarray) and o.dtype.kind == "f"]
    return set().union(*(rows_in(np.ascontiguousarray(a).tobytes()) for a in arrays)) if arrays else set()
