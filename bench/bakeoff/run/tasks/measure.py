"""Metrics of a cell: the core's in one bundle, those of plugins one by one, each kept from harming the rest.

A plugin's table metric is a function `(y, response, proba) -> float`: y (n,), response (n,), proba (n, K) or
None, all read-only; class codes for classification, floats for regression. A plugin's top-k metric is a
function `(lists, k) -> float`: see `bakeoff.metrics.topk.Lists`; k is the number after `@` in its name, else
the length of the lists. What raises or is no finite number becomes None with a note.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from types import ModuleType
from typing import Any

import numpy as np

from bakeoff.metrics.base import Bundle
from bakeoff.model.specs import Metric
from bakeoff.run.dotted import load_object


def core_functions(metrics: Iterable[Metric], module: ModuleType) -> dict[str, str]:
    """{metric name: function name} of those which `module`, one of the core's, bundles."""
    named = {m.name: m.implementation.partition(":") for m in metrics}
    return {
        name: function
        for name, (home, _, function) in named.items()
        if home == module.__name__ and function in module.FUNCTIONS
    }


def read_only(array: np.ndarray) -> np.ndarray:
    """A view that a plugin cannot write through."""
    view = array.view()
    view.flags.writeable = False
    return view


def plugin_bundle(metrics: Iterable[Metric], arguments: Callable[[Metric], Sequence[Any]]) -> Bundle:
    """Call each metric with `arguments(metric)`."""
    values: dict[str, float | None] = {}
    notes: list[str] = []
    for metric in metrics:
        try:
            value = float(load_object(metric.implementation)(*arguments(metric)))
            reason = "" if math.isfinite(value) else f"returned {value}"
        except (Exception, SystemExit) as error:  # a plugin's mistake costs its own column only
            value, reason = math.nan, f"{type(error).__name__}: {' '.join(str(error).split())}"[:300]
        values[metric.name] = None if reason else value
        if reason:
            notes.append(f"{metric.name}: {reason}")
    return Bundle(values, tuple(notes))


def joined(metrics: Sequence[Metric], *bundles: Bundle) -> Bundle:
    """Bundles as one, in the order of `metrics`."""
    found = {name: value for bundle in bundles for name, value in bundle.values.items()}
    return Bundle(
        {m.name: found[m.name] for m in metrics}, tuple(n for bundle in bundles for n in bundle.notes)
    )


def table_bundle(
    metrics: Sequence[Metric],
    module: ModuleType,
    core: Callable[[tuple[str, ...]], Bundle],
    y: np.ndarray,
    response: np.ndarray,
    proba: np.ndarray | None,
) -> Bundle:
    """All metrics of a table cell; `core(names)` computes those of `module` by function name."""
    own = core_functions(metrics, module)
    bundle = core(tuple(dict.fromkeys(own.values())))
    named = Bundle({name: bundle.values[function] for name, function in own.items()}, bundle.notes)
    arrays = [read_only(y), read_only(response), None if proba is None else read_only(proba)]
    others = [m for m in metrics if m.name not in own]
    return joined(metrics, named, plugin_bundle(others, lambda _: arrays))
