"""Regression metrics. Every function takes `(y, response, proba)` as classification metrics do,
proba being None; y and response are (n,) finite float64 in the target's unit. It returns a finite float or
raises `Undefined`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from bakeoff.metrics.base import Bundle, Undefined, collect


def r2(y: np.ndarray, response: np.ndarray, _proba: np.ndarray | None = None) -> float:
    """1 - sum (y - response)^2 / sum (y - mean y)^2. max, unbounded below, 1 is best, 0 is the test mean.

    Undefined where y is constant (scikit-learn says 1 or 0 there).
    """
    centred = y - y.mean() if len(y) else y
    total = centred @ centred
    if len(y) < 2 or total == 0 or (y == y[0]).all():
        raise Undefined("the test part's target is constant")
    error = y - response
    return float(1 - (error @ error) / total)


def rmse(y: np.ndarray, response: np.ndarray, _proba: np.ndarray | None = None) -> float:
    """sqrt(mean (y - response)^2). min, 0 upwards, in the target's unit."""
    _some(y)
    error = y - response
    return float(np.sqrt(error @ error / len(y)))


def mae(y: np.ndarray, response: np.ndarray, _proba: np.ndarray | None = None) -> float:
    """mean |y - response|. min, 0 upwards, in the target's unit."""
    _some(y)
    return float(np.abs(y - response).mean())


FUNCTIONS: Mapping[str, Callable[..., float]] = {f.__name__: f for f in (r2, rmse, mae)}


def bundle(y: np.ndarray, response: np.ndarray, names: tuple[str, ...] = tuple(FUNCTIONS)) -> Bundle:
    """Compute the named metrics; predictions so large that their square overflows give None with a note."""
    with np.errstate(over="ignore", invalid="ignore"):
        return collect({name: partial(FUNCTIONS[name], y, response) for name in names})


def _some(y: np.ndarray) -> None:
    if not len(y):
        raise Undefined("the test part is empty")
