"""Every hook, in the order a run meets them. Splitting, seeding, timing, statistics and hashing are no hooks:
if they were pluggable, tables would stop being comparable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pluggy

from bakeoff.model.specs import Dataset, Engine, Metric, Reporter, Step, Suite, Task, Technique

hookspec = pluggy.HookspecMarker("bakeoff")

# --- Registration: return frozen dataclasses; called once, at discovery ---


@hookspec
def bakeoff_techniques() -> Iterable[Technique]:
    """Register techniques.

    ```python
    from bakeoff.api import Technique, hookimpl

    BAKEOFF_API = 1

    @hookimpl
    def bakeoff_techniques():
        return [
            Technique(
                name="extra-trees",
                implementations={"classification": "sklearn.ensemble:ExtraTreesClassifier"},
                params={"n_estimators": 300},
            )
        ]
    ```
    """
    return ()


@hookspec
def bakeoff_steps() -> Iterable[Step]:
    """Register steps that stand in front of a technique.

    ```python
    from bakeoff.api import Inputs, Step, hookimpl

    BAKEOFF_API = 1

    @hookimpl
    def bakeoff_steps():
        return [
            Step(
                name="robust-scale",
                implementation="sklearn.preprocessing:RobustScaler",
                tasks=("classification", "regression"),
                inputs=Inputs.MATRIX,
            )
        ]
    ```
    """
    return ()


@hookspec
def bakeoff_datasets() -> Iterable[Dataset]:
    """Register datasets.

    ```python
    from bakeoff.api import Dataset, hookimpl

    BAKEOFF_API = 1

    @hookimpl
    def bakeoff_datasets():
        return [Dataset(name="mine", task="classification", card="my_plugin:cards/mine.toml")]
    ```
    """
    return ()


@hookspec
def bakeoff_tasks() -> Iterable[Task]:
    """Register tasks; their split policies are chosen by name among the core's own.

    ```python
    from bakeoff.api import DataKind, Task, hookimpl

    BAKEOFF_API = 1

    @hookimpl
    def bakeoff_tasks():
        return [
            Task(
                name="count-regression",
                title="Regression on counts",
                data=DataKind.TABLE,
                implementation="my_plugin.tasks:count_regression",
                metrics=("rmse", "mae"),
                primary="rmse",
                policies=("kfold",),
                default_policy="kfold",
                baselines=("prior",),
            )
        ]
    ```
    """
    return ()


@hookspec
def bakeoff_metrics() -> Iterable[Metric]:
    """Register metrics.

    ```python
    from bakeoff.api import Metric, hookimpl

    BAKEOFF_API = 1

    @hookimpl
    def bakeoff_metrics():
        return [
            Metric(
                name="median_ae",
                tasks=("regression",),
                implementation="my_plugin.metrics:median_absolute_error",
                direction="min",
                needs="response",
            )
        ]
    ```
    """
    return ()


@hookspec
def bakeoff_suites() -> Iterable[Suite]:
    """Register suite files.

    ```python
    from bakeoff.api import Suite, hookimpl

    BAKEOFF_API = 1

    @hookimpl
    def bakeoff_suites():
        return [Suite(name="trees", path="my_plugin:suites/trees.toml")]
    ```
    """
    return ()


@hookspec
def bakeoff_engines() -> Iterable[Engine]:
    """Register engines.

    ```python
    from bakeoff.api import Engine, hookimpl

    BAKEOFF_API = 1

    @hookimpl
    def bakeoff_engines():
        return [Engine(name="slurm", implementation="my_plugin.slurm:SlurmEngine")]
    ```
    """
    return ()


@hookspec
def bakeoff_reporters() -> Iterable[Reporter]:
    """Register output formats of `bakeoff leaderboard`.

    ```python
    from bakeoff.api import Reporter, hookimpl

    BAKEOFF_API = 1

    @hookimpl
    def bakeoff_reporters():
        return [Reporter(name="typst", implementation="my_plugin.typst:render")]
    ```
    """
    return ()


# --- Resolution: the first plugin that answers wins ---


@hookspec(firstresult=True)
def bakeoff_resolve_dataset(ref: str) -> Dataset | None:
    """Open a reference such as `openml:31`; return None for references of others.

    ```python
    from bakeoff.api import Dataset, hookimpl

    BAKEOFF_API = 1

    @hookimpl
    def bakeoff_resolve_dataset(ref):
        if not ref.startswith("lab:"):
            return None
        return Dataset(name=ref, task="regression", card="my_plugin:lab.toml", loader="my_plugin.lab:load")
    ```
    """


# --- Observation: see, and cannot change ---


@hookspec
def bakeoff_run_started(header: Mapping[str, Any]) -> None:
    """A run begins; `header` is the segment header (see `bakeoff.model.header`), a copy.

    ```python
    from bakeoff.api import hookimpl

    BAKEOFF_API = 1

    @hookimpl
    def bakeoff_run_started(header):
        print("running", header["suite"]["name"])
    ```
    """


@hookspec
def bakeoff_cell_finished(record: Mapping[str, Any]) -> None:
    """A cell ended; `record` is its record (see `record.schema.json`), a copy.

    ```python
    from bakeoff.api import hookimpl

    BAKEOFF_API = 1

    @hookimpl
    def bakeoff_cell_finished(record):
        print(record["technique"], record["dataset"], record["status"])
    ```
    """


@hookspec
def bakeoff_run_finished(summary: Mapping[str, Any]) -> None:
    """A run ended; `summary` counts cells by status, and says where the results lie.

    ```python
    from bakeoff.api import hookimpl

    BAKEOFF_API = 1

    @hookimpl
    def bakeoff_run_finished(summary):
        print(summary["cells"], summary["results"])
    ```
    """
