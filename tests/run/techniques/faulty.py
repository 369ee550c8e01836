"""Techniques which misbehave in every way a stranger's may, and one that does not. Executed in workers only."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
import warnings

import numpy as np


class Good:
    """Predicts the class shares of the training part."""

    def __init__(self, random_state=0):
        self.random_state = random_state

    def fit(self, X, y):
        self.shares = np.bincount(y) / len(y)
        self.diagnostics_ = {"rows": len(y), "seed": self.random_state, "text": "no number"}
        return self

    def predict_proba(self, X):
        return np.tile(self.shares, (len(X), 1))

    def predict(self, X):
        return np.full(len(X), int(np.argmax(self.shares)))


class Raises(Good):
    def fit(self, X, y):
        raise ValueError("a column\nis odd")


class RaisesInPredict(Good):
    def predict(self, X):
        raise RuntimeError("cannot predict")


class RaisesAtStart(Good):
    def __init__(self):
        raise RuntimeError("cannot be made")


class Hangs(Good):
    def fit(self, X, y):
        while True:
            time.sleep(0.01)


class HangsInNativeCode(Good):
    def fit(self, X, y):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        ctypes.PyDLL(None).sleep(600)  # PyDLL keeps the interpreter's lock: no thread of the worker can run


class Aborts(Good):
    def fit(self, X, y):
        os.abort()


class Segfaults(Good):
    def fit(self, X, y):
        ctypes.string_at(0)


class Exits(Good):
    def fit(self, X, y):
        sys.exit(3)


class ExitsHard(Good):
    def fit(self, X, y):
        os._exit(0)


class Interrupts(Good):
    def fit(self, X, y):
        raise KeyboardInterrupt


class KilledFromOutside(Good):
    def fit(self, X, y):
        os.kill(os.getpid(), signal.SIGKILL)


class EatsMemory(Good):
    def fit(self, X, y):
        hoard = []
        while True:
            hoard.append(np.ones(2**20))
            time.sleep(0.001)


class AsksForTooMuch(Good):
    def fit(self, X, y):
        self.block = np.ones((2**30, 8))


class ReturnsNan(Good):
    def predict_proba(self, X):
        return np.full((len(X), len(self.shares)), np.nan)


class WrongLength(Good):
    def predict(self, X):
        return np.zeros(len(X) + 1, dtype=int)

    def predict_proba(self, X):
        return super().predict_proba(X)[:-1]


class WrongWidth(Good):
    def predict_proba(self, X):
        return np.full((len(X), 7), 1 / 7)


class UnknownClass(Good):
    def predict(self, X):
        return np.full(len(X), 99)


class ReturnsText(Good):
    def predict(self, X):
        return np.array(["yes"] * len(X))


class Warns(Good):
    def fit(self, X, y):
        warnings.warn("the data looks odd", UserWarning, stacklevel=1)
        return super().fit(X, y)


class Prints(Good):
    def fit(self, X, y):
        for _ in range(5000):
            print("x" * 1000)
        sys.stderr.write("y" * 2_000_000)
        return super().fit(X, y)


class Meddles(Good):
    """Leaves the process in another state: directory, environment, seed, path."""

    def fit(self, X, y):
        os.chdir("/")
        os.environ["OMP_NUM_THREADS"] = "64"
        os.environ["BAKEOFF_MEDDLED"] = "1"
        np.random.seed(1)
        sys.path.insert(0, "/nowhere")
        return super().fit(X, y)


class Reports(Good):
    """Says in its diagnostics what state it finds."""

    def fit(self, X, y):
        super().fit(X, y)
        self.diagnostics_ = {
            "meddled": "BAKEOFF_MEDDLED" in os.environ or "/nowhere" in sys.path,
            "threads": int(os.environ["OMP_NUM_THREADS"]),
            "at_root": os.getcwd() == "/",
            "random": float(np.random.random()),
            "children": len(_children()),
        }


class LeavesChildren(Good):
    def fit(self, X, y):
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        return super().fit(X, y)


class LeavesThreads(Good):
    def fit(self, X, y):
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
        return super().fit(X, y)


class ClosesDescriptors(Good):
    def fit(self, X, y):
        os.closerange(0, 256)
        return super().fit(X, y)


class WritesIntoInputs(Good):
    def fit(self, X, y):
        X[:] = 0.0
        y[:] = 0
        return super().fit(X, y)


def _children():
    import psutil

    return psutil.Process().children(recursive=True)


class Popular:
    """A recommender that behaves: most popular items, seen ones left to the harness."""

    def fit(self, interactions):
        self.counts = np.asarray((interactions > 0).sum(axis=0)).ravel()

    def score_items(self, users):
        return np.tile(self.counts.astype(float), (len(users), 1))


class BeyondCatalogue(Popular):
    def recommend(self, users, k):
        return np.full((len(users), k), len(self.counts) + 5)

    score_items = property()


class RecommendsSeen:
    def fit(self, interactions):
        self.matrix = interactions.tocsr()

    def recommend(self, users, k):
        out = np.full((len(users), k), -1)
        for row, user in enumerate(users):
            seen = self.matrix[user].indices[:k]
            out[row, : len(seen)] = seen
        return out


class NanScores(Popular):
    def score_items(self, users):
        return np.full((len(users), len(self.counts)), np.nan)
