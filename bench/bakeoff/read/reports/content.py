"""What stands in the tables people read: headings, cells, best marks, remarks. Layout is the formats' affair."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bakeoff.read.boards import DatasetFacts, Estimate, Leaderboard, Row
from bakeoff.read.reports.text import clean, heading, mebibytes, number, seconds, span

#: Facts of a dataset that fit into a line, in this order, with the letter or word they get.
_FACTS = (
    ("rows", "n"),
    ("columns", "p"),
    ("nominal", "nominal"),
    ("classes", "classes"),
    ("minority_share", "minority"),
    ("missing_share", "missing"),
    ("users", "users"),
    ("items", "items"),
    ("density", "density"),
)

LEGEND = (
    "± is the Nadeau-Bengio corrected standard error: noise within these datasets only. * best of the ranked. "
    "Times: mean over datasets of the median split, in seconds. Peak: largest cell."
)


@dataclass(frozen=True, slots=True)
class Cell:
    """Clean text, and whether it is the best of its column."""

    text: str
    best: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """headings and rows of cells; `left` counts the columns aligned to the left, the others are numbers."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    left: int = 2


def other_metrics(board: Leaderboard) -> tuple[str, ...]:
    """All metrics but the primary one which any row has a value of."""
    return tuple(
        m
        for m in board.metrics
        if m != board.metric and any(r.metrics.get(m) is not None for r in board.rows)
    )


def main_table(board: Leaderboard, others: Sequence[str]) -> Table:
    """Lay out the leaderboard: rank, technique, primary metric, `others`, mean rank, costs, cells, coverage."""
    mark = " (!)" if any("(!)" in note for note in board.notes) else ""
    several = sum(d.compared for d in board.datasets) > 1
    columns: list[tuple[str, list[Cell]]] = [
        ("Rank", [Cell(span(r.rank_low, r.rank_high)) for r in board.rows]),
        ("Technique", [Cell(clean(r.technique) + (" !" if r.flags else "")) for r in board.rows]),
        _metric(board, board.metric, with_error=True),
        *(_metric(board, m, with_error=False) for m in others),
    ]
    if several:
        columns.append(
            ("Mean rank", _numbers(board, lambda r: r.mean_rank, lambda r: f"{r.mean_rank:.2f}", "min"))
        )
    columns += [
        (f"Fit s{mark}", _numbers(board, lambda r: r.fit_seconds, lambda r: seconds(r.fit_seconds), "min")),
        (
            f"Predict s{mark}",
            _numbers(board, lambda r: r.predict_seconds, lambda r: seconds(r.predict_seconds), "min"),
        ),
        (
            "Peak MiB",
            _numbers(board, lambda r: r.peak_memory_bytes, lambda r: mebibytes(r.peak_memory_bytes), ""),
        ),
        ("Cells ok", [Cell(f"{r.ok}/{r.planned}") for r in board.rows]),
        ("Data sets", [Cell(f"{r.datasets_complete}/{r.datasets_planned}") for r in board.rows]),
    ]
    return Table(tuple(h for h, _ in columns), tuple(zip(*(cells for _, cells in columns), strict=True)))


def dataset_table(board: Leaderboard) -> Table:
    """Lay out dataset x technique: a row a dataset, a column a technique, the primary metric in the cells."""
    techniques = [r.technique for r in board.rows]
    body: list[tuple[Cell, ...]] = []
    for dataset in board.datasets:
        results = [next((x for x in r.datasets if x.dataset == dataset.name), None) for r in board.rows]
        values = [x.metrics.get(board.metric) if x else None for x in results]
        eligible = [e.mean for e, x in zip(values, results, strict=True) if e and x and x.complete]
        best = _best(eligible, board.direction)
        cells = []
        for estimate, result in zip(values, results, strict=True):
            if result is None or estimate is None:
                cells.append(
                    Cell(
                        "-" if result is None else f"- ({_why(result.failures)})" if result.failures else "-"
                    )
                )
            elif not result.complete:
                cells.append(Cell(f"({number(estimate.mean)}, {result.n_folds}/{result.n_shared})"))
            else:
                cells.append(Cell(_plus_minus(estimate), estimate.mean == best))
        body.append((Cell(clean(dataset.name)), *cells))
    return Table(("Dataset", *(clean(t) for t in techniques)), tuple(body), left=1)


def title(board: Leaderboard) -> str:
    """Suite, task and primary metric in one line."""
    profile = f" ({clean(board.profile)})" if board.profile else ""
    return f"{clean(board.suite)}{profile} · {clean(board.title)} · {clean(heading(board.metric, board.direction))}"


def protocol(board: Leaderboard) -> str:
    """Protocol, track and how much of the plan is there."""
    return (
        f"Protocol: {clean(board.protocol)}, {clean(board.track)} track. "
        f"Cells: {board.planned} planned, {board.finished} finished, {board.ok} ok."
    )


def datasets(board: Leaderboard) -> str:
    """The datasets, each with the facts its header states."""
    return "Datasets: " + "; ".join(_dataset(d) for d in board.datasets) + "."


def remarks(board: Leaderboard) -> list[str]:
    """Notes of the board, then what is not well with single rows. All clean text."""
    lines = [clean(note, limit=600) for note in board.notes]
    alike: dict[tuple[str, str], list[str]] = {}
    for row in board.rows:
        name = clean(row.technique)
        if row.failures:
            counts = f"{sum(row.failures.values())} of {row.planned} cells not ok ({_why(row.failures)})."
            alike.setdefault((counts, clean(row.reason)), []).append(name)
        lines += [f"! {name}: {clean(f.name)} ({f.count} of {f.total} {f.unit})." for f in row.flags]
    for (counts, reason), names in alike.items():
        each = " each" if len(names) > 1 else ""
        lines.append(f"{', '.join(names)}{each}: {counts}" + (f" First reason: {reason}" if reason else ""))
    return lines


def problems(boards: Iterable[Leaderboard]) -> list[str]:
    """What the store could not read, each once."""
    return list(dict.fromkeys(clean(p) for b in boards for p in b.problems))


def _metric(board: Leaderboard, metric: str, *, with_error: bool) -> tuple[str, list[Cell]]:
    direction = board.directions.get(metric, "")
    estimates = [r.metrics.get(metric) for r in board.rows]
    best = _best([e.mean for e, r in zip(estimates, board.rows, strict=True) if e and r.ranked], direction)
    cells = []
    for estimate, row in zip(estimates, board.rows, strict=True):
        shown = "-" if estimate is None else _plus_minus(estimate) if with_error else number(estimate.mean)
        if estimate and not row.ranked and any(r.ranked for r in board.rows):
            cells.append(Cell(f"({shown})"))
        else:
            cells.append(
                Cell(shown, bool(estimate) and row.ranked and estimate is not None and estimate.mean == best)
            )
    return clean(heading(metric, direction)), cells


def _numbers(
    board: Leaderboard, value: Callable[[Row], float | None], show: Callable[[Row], str], direction: str
) -> list[Cell]:
    best = _best([v for r in board.rows if r.ranked and (v := value(r)) is not None], direction)
    return [
        Cell("-") if value(r) is None else Cell(show(r), r.ranked and value(r) == best) for r in board.rows
    ]


def _best(values: Sequence[float], direction: str) -> float | None:
    """The best of several values; None where there is nothing to win: one value, or all the same."""
    if len(set(values)) < 2 or direction not in {"max", "min"}:
        return None
    return max(values) if direction == "max" else min(values)


def _plus_minus(estimate: Estimate) -> str:
    return number(estimate.mean) + ("" if estimate.se is None else f" ±{number(estimate.se)}")


def _why(failures: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {clean(status)}" for status, n in failures.items())


def _dataset(d: DatasetFacts) -> str:
    known = [(word, d.facts[name]) for name, word in _FACTS if name in d.facts]
    said = [
        f"{word} {_fact(v)}" for word, v in known if isinstance(v, (int, float)) and not isinstance(v, bool)
    ]
    return clean(d.name) + (f" ({', '.join(said)})" if said else "")


def _fact(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.3g}"
