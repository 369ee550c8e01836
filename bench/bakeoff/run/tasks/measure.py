"""Metrics of a cell: the core's in one bundle, those of plugins one by one, each kept from harming the rest.

A plugin's table metric is a function `(y, response, proba) -> float`: y (n,), response (n,), proba (n, K) or
None, all read-only; class codes for classification, floats for regression. A plugin's top-k metric is a
function `(lists, k) -> float`: see `bakeoff.metrics.topk.Lists`; k is the number after `@` in its name, else
the length of the lists. What raises or is no finite number becomes None with a note.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from bakeoff.metrics.base import Bundle
from bakeoff.model.specs import Metric
from bakeoff.run.dotted import load_object

_CORE = "bakeoff.metrics."


def is_core(metric: Metric) -> bool:
    """Whether the metric is the core's own, which the bundles compute."""
    return metric.implementation.startswith(_CORE)


def function_name(metric: Metric) -> str:
    """The attribute in `module:attribute`."""
    return metric.implementation.rpartition(":")[2]


def read_only(array: np.ndarray) -> np.ndarray:
    """A view that a plugin cannot write through."""
    view = array.view()
    view.flags.writeable = False
    return view


def plugin_bundle(metrics: Iterable[Metric], arguments: Callable[[Metric], Sequence[Any]]) -> Bundle:
    """Call the metrics which are not the core's with `arguments(metric)`."""
    values: dict[str, float | None] = {}
    notes: list[str] = []
    for metric in metrics:
        if is_core(metric):
            continue
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
    core: Callable[[tuple[str, ...]], Bundle],
    y: np.ndarray,
    response: np.ndarray,
    proba: np.ndarray | None,
) -> Bundle:
    """All metrics of a table cell; `core(names)` computes the core's by function name."""
    own = {m.name: function_name(m) for m in metrics if is_core(m)}
    bundle = core(tuple(dict.fromkeys(own.values())))
    named = Bundle({name: bundle.values[function] for name, function in own.items()}, bundle.notes)
    arrays = [read_only(y), read_only(response), None if proba is None else read_only(proba)]
    return joined(metrics, named, plugin_bundle(metrics, lambda _: arrays))
