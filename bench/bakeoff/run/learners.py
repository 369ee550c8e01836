"""One cell inside a worker: build the chain, fit it, predict. It sees training targets, never test targets.

Only `worker.py` calls this module; `load` is the one place where a technique's implementation is imported.
"""

from __future__ import annotations

import importlib.util
import inspect
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bakeoff.model.words import DataKind, Inputs
from bakeoff.run.dotted import follow, load_object
from bakeoff.run.encode import MatrixEncoder

#: Users scored at once; bounds memory to this many rows of the catalogue.
_USER_BATCH = 1024


def load(implementation: str) -> Any:
    """Import `module:attribute`, or `file:/path/to/mine.py:attribute` for a local file."""
    module_name, _, attribute = implementation.rpartition(":")
    if module_name.startswith("file:"):
        return follow(_local(module_name[5:]), attribute)
    return load_object(implementation)


def _local(path: str) -> Any:
    """Import a file under its own stem, its folder on sys.path as when a script is run."""
    file = Path(path)
    folder = str(file.parent)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    spec = importlib.util.spec_from_file_location(f"bakeoff_local_{file.stem}", file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def build(link: Mapping[str, Any], seed: int) -> Any:
    """Call the implementation with its parameters and, where it takes one, the seed."""
    factory = load(link["implementation"])
    params, seed_param = dict(link["params"]), link["seed_param"]
    if seed_param and seed_param not in params and _accepts(factory, seed_param):
        params[seed_param] = seed
    return factory(**params)


def _accepts(factory: Any, name: str) -> bool:
    try:
        parameters = inspect.signature(factory).parameters.values()
    except (TypeError, ValueError):
        return True
    return any(p.name == name or p.kind is p.VAR_KEYWORD for p in parameters)


@dataclass(slots=True)
class TableChain:
    """Steps and a technique on a table; `frame` is the whole table of inputs, memory-mapped."""

    links: Sequence[Mapping[str, Any]]
    objects: Sequence[Any]
    classes: int
    transforms: list[Any] = field(default_factory=list)

    def fit(self, frame: Any, train: np.ndarray, y: np.ndarray) -> None:
        """Fit link by link on the training rows."""
        X: Any = frame.take(train)
        for link, step in zip(self.links[:-1], self.objects[:-1], strict=True):
            X = self._convert(link, X, fitting=True)
            if hasattr(step, "fit_resample"):
                X, y = step.fit_resample(X, y)
                continue
            step.fit(X, y)
            self.transforms.append(step.transform)
            X = step.transform(X)
        X = self._convert(self.links[-1], X, fitting=True)
        self.objects[-1].fit(X, y)

    def predict(self, frame: Any, test: np.ndarray) -> dict[str, np.ndarray]:
        """Response, and for classification probabilities with the class codes of their columns."""
        X: Any = frame.take(test)
        for transform in self.transforms:
            X = transform(X)
        learner = self.objects[-1]
        output = {}
        if self.classes and hasattr(learner, "predict_proba"):
            output["proba"] = numbers(learner.predict_proba(X), "predict_proba")
            classes = getattr(learner, "classes_", None)
            if classes is not None:
                output["classes"] = numbers(classes, "classes_")
        output["response"] = numbers(learner.predict(X), "predict")
        return output

    def _convert(self, link: Mapping[str, Any], X: Any, *, fitting: bool) -> Any:
        """Encode a frame for a link that wants a matrix; what a step returned as a matrix stays one."""
        if link["inputs"] != Inputs.MATRIX or isinstance(X, np.ndarray) or not hasattr(X, "columns"):
            return X
        encoder = MatrixEncoder.fit(X)
        if fitting:
            self.transforms.append(encoder.transform)
        return encoder.transform(X)


@dataclass(slots=True)
class RecommenderChain:
    """Steps and a recommender on a training matrix."""

    objects: Sequence[Any]
    train: Any = None

    def fit(self, matrix: Any) -> None:
        """Fit on the training interactions; steps may reweight the matrix for the technique alone."""
        self.train = matrix.copy()
        for step in self.objects[:-1]:
            step.fit(matrix)
            matrix = step.transform(matrix)
        self.objects[-1].fit(matrix)

    def predict(self, users: np.ndarray, k: int) -> dict[str, np.ndarray]:
        """Top-k item ids of shape (len(users), k); `tie_rate` where the harness did the ranking."""
        learner = self.objects[-1]
        if not hasattr(learner, "score_items"):
            return {"items": numbers(learner.recommend(users, k), "recommend")}
        parts, tied = [], 0.0
        for start in range(0, len(users), _USER_BATCH):
            batch = users[start : start + _USER_BATCH]
            scores = np.array(numbers(learner.score_items(batch), "score_items"), dtype=np.float64)
            items, ties = top_items(scores, self.train[batch], k)
            parts.append(items)
            tied += ties
        items = np.concatenate(parts) if parts else np.empty((0, k), dtype=np.int64)
        return {"items": items, "tie_rate": np.array([tied / max(1, len(users))])}


def top_items(scores: np.ndarray, seen: Any, k: int) -> tuple[np.ndarray, float]:
    """Rank unseen items by score, ties by item id, so that a tie never depends on the sorting algorithm.

    scores (n, n_items); seen: CSR of the same shape. Returns (items (n, k) padded with -1, number of users whose
    k-th and (k+1)-th scores are equal). ValueError for a wrong shape or NaN.
    """
    if scores.shape != seen.shape:
        raise ValueError(f"score_items returned shape {scores.shape}, not (users, items) = {seen.shape}")
    if np.isnan(scores).any():
        raise ValueError(f"score_items returned {int(np.isnan(scores).sum())} NaN scores")
    scores[seen.nonzero()] = -np.inf
    n_items = scores.shape[1]
    k_held = min(k, n_items)
    order = np.argsort(-scores, axis=1, kind="stable")[:, : k_held + 1]
    ranked = np.take_along_axis(scores, order, axis=1)
    items = np.where(np.isneginf(ranked), -1, order)[:, :k_held]
    if k_held < k:
        items = np.pad(items, ((0, 0), (0, k - k_held)), constant_values=-1)
    ties = 0.0
    if ranked.shape[1] > k_held:
        ties = float(((ranked[:, k_held - 1] == ranked[:, k_held]) & np.isfinite(ranked[:, k_held])).sum())
    return items.astype(np.int64), ties


def numbers(value: Any, what: str) -> np.ndarray:
    """An array of numbers, or TypeError naming the method that returned something else."""
    array = value.toarray() if hasattr(value, "toarray") else np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{what} returned values of type {array.dtype}, not numbers")
    return array


def diagnostics(learner: Any) -> dict[str, float]:
    """`diagnostics_` of a learner: the entries that are finite numbers."""
    found = getattr(learner, "diagnostics_", None)
    if not isinstance(found, Mapping):
        return {}
    pairs = ((str(k), float(v)) for k, v in found.items() if isinstance(v, (bool, int, float, np.number)))
    return {k: v for k, v in pairs if np.isfinite(v)}


def is_table(kind: str) -> bool:
    """Whether a job works on a table (else on interactions)."""
    return kind == DataKind.TABLE
