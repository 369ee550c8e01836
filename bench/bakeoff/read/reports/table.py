"""CSV for spreadsheets and scripts: long (a row a value) and wide (a row a technique and dataset).

Full precision, empty where there is no value. Text that a spreadsheet would run as a formula gets a leading
apostrophe. Remarks and ranks of the whole board are not here; the JSON format has everything.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Sequence

from bakeoff.read.boards import DatasetResult, Leaderboard, Row
from bakeoff.read.reports.options import ReportOptions
from bakeoff.read.reports.text import clean

_PLACE = ("suite", "task", "protocol", "track", "dataset", "technique")
_LONG = (*_PLACE, "metric", "direction", "mean", "se", "n_folds", "n_shared", "complete", "failures")
_WIDE = (
    *_PLACE,
    "n_folds",
    "n_shared",
    "complete",
    "failures",
    "rank",
    "rank_low",
    "rank_high",
    "fit_seconds",
    "predict_seconds",
    "peak_memory_bytes",
)

_Value = str | float | int | bool | None


def render_long(boards: Sequence[Leaderboard], options: ReportOptions) -> str:  # noqa: ARG001  a reporter's signature
    """One row per suite, task, protocol, track, dataset, technique and metric."""
    return _csv(
        _LONG, (line for place, board, _, result in _results(boards) for line in _long(place, board, result))
    )


def render_wide(boards: Sequence[Leaderboard], options: ReportOptions) -> str:  # noqa: ARG001  a reporter's signature
    """One row per suite, task, protocol, track, dataset and technique; a column a metric (`<name>`, `<name> se`)."""
    metrics = list(dict.fromkeys(m for board in boards for m in board.metrics))
    titles = [t for m in metrics for t in (m, f"{m} se")]

    def lines() -> Iterator[list[_Value]]:
        for place, _, _, x in _results(boards):
            values: list[_Value] = []
            for metric in metrics:
                estimate = x.metrics.get(metric)
                values += [estimate.mean, estimate.se] if estimate else [None, None]
            cost: list[_Value] = [
                x.rank,
                x.rank_low,
                x.rank_high,
                x.fit_seconds,
                x.predict_seconds,
                x.peak_memory_bytes,
            ]
            yield [*place, x.n_folds, x.n_shared, x.complete, _failures(x), *cost, *values]

    return _csv((*_WIDE, *titles), lines())


def _results(boards: Sequence[Leaderboard]) -> Iterator[tuple[list[_Value], Leaderboard, Row, DatasetResult]]:
    for board in boards:
        for row in board.rows:
            for result in row.datasets:
                place: list[_Value] = [board.suite, board.task, board.protocol, board.track, result.dataset]
                yield [*place, row.technique], board, row, result


def _long(place: list[_Value], board: Leaderboard, x: DatasetResult) -> Iterator[list[_Value]]:
    for metric in board.metrics:
        estimate = x.metrics.get(metric)
        figures: list[_Value] = [estimate.mean, estimate.se] if estimate else [None, None]
        yield [
            *place,
            metric,
            board.directions.get(metric, ""),
            *figures,
            x.n_folds,
            x.n_shared,
            x.complete,
            _failures(x),
        ]


def _failures(result: DatasetResult) -> int:
    return sum(result.failures.values())


def _csv(titles: Sequence[str], lines: Iterable[Sequence[_Value]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_shown(t) for t in titles])
    writer.writerows([_shown(v) for v in line] for line in lines)
    return out.getvalue()


def _shown(value: _Value) -> str:
    """Write numbers as they are and neutralise text (OWASP, CSV injection)."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return repr(value)
    text = clean(value, limit=10_000)
    return "'" + text if text.startswith(("=", "+", "-", "@")) else text
