"""The core's own manifest: it registers tasks, metrics, engines and reporters as any plugin would. Light."""

from __future__ import annotations

from bakeoff.api import Engine, Metric, Reporter, Task, hookimpl
from bakeoff.metrics.specs import METRICS
from bakeoff.run.tasks.specs import TASKS

BAKEOFF_API = 1


@hookimpl
def bakeoff_tasks() -> tuple[Task, ...]:
    """Classification, regression, recommendation from implicit feedback."""
    return TASKS


@hookimpl
def bakeoff_metrics() -> tuple[Metric, ...]:
    """Metrics named after scikit-learn's scorers, and top-k metrics."""
    return METRICS


@hookimpl
def bakeoff_engines() -> list[Engine]:
    """Worker processes of this machine."""
    return [
        Engine(
            name="local",
            implementation="bakeoff.run.engines.local:LocalEngine",
            summary="persistent worker processes on this machine, killed and replaced on a hang or crash",
        )
    ]


@hookimpl
def bakeoff_reporters() -> list[Reporter]:
    """Formats of `bakeoff leaderboard --format`."""
    return [
        Reporter(
            name="terminal", implementation="bakeoff.read.reports.terminal:render", summary="coloured tables"
        ),
        Reporter(name="md", implementation="bakeoff.read.reports.markdown:render", summary="Markdown tables"),
        Reporter(
            name="csv", implementation="bakeoff.read.reports.table:render_long", summary="one row a value"
        ),
        Reporter(
            name="csv-wide",
            implementation="bakeoff.read.reports.table:render_wide",
            summary="one row a technique",
        ),
        Reporter(
            name="json", implementation="bakeoff.read.reports.json:render", summary="everything, for machines"
        ),
    ]
