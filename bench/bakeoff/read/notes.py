"""What a reader must know before believing a board, in sentences. Numbers come from the board's parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bakeoff.read.boards import DatasetFacts, Row
from bakeoff.read.cells import BoardCells
from bakeoff.read.datasets import Terms
from bakeoff.read.headers import SuiteFacts
from bakeoff.read.ranking import Ranking


def notes(
    facts: SuiteFacts,
    task: str,
    terms: Terms,
    ranking: Ranking,
    rows: Sequence[Row],
    datasets: Sequence[DatasetFacts],
    cells: BoardCells,
    machines: Sequence[str],
) -> tuple[str, ...]:
    """Gather all notes, most important first."""
    return (
        *_baselines(facts.baselines(task), rows),
        *_evidence(ranking, datasets, terms),
        *_coverage(rows, datasets),
        *_leaks(terms.protocol),
        *_scale(terms, ranking, facts.metrics.get(terms.metric, {})),
        *_times(machines, cells),
        *(f"{n} records {why} are left out." for why, n in cells.left_out.items() if n),
    )


def _baselines(compulsory: Sequence[str], rows: Sequence[Row]) -> Iterator[str]:
    present = {r.technique for r in rows if r.ok}
    for name in compulsory:
        if name not in present:
            yield f"PUB-01: the compulsory baseline {name} has no result here; this table is not fit to be published."


def _evidence(ranking: Ranking, datasets: Sequence[DatasetFacts], terms: Terms) -> Iterator[str]:
    n = len(ranking.mean_rank)
    if not terms.direction:
        yield f"No ranks: no header says whether {terms.metric} should be large or small."
    elif n < 2:
        yield "No ranks: fewer than two techniques completed every compared dataset."
    elif len(ranking.compared) == 1:
        splits = next(d.n_shared for d in datasets if d.name == ranking.compared[0])
        if splits < 2:
            yield f"Ranks are all shared: one split of {ranking.compared[0]} cannot separate anything."
        else:
            yield (
                f"Ranks separate noise between {splits} splits of {ranking.compared[0]} alone ({ranking.test}); "
                "another dataset may turn out otherwise."
            )
    elif ranking.units < ranking.units_needed:
        yield (
            f"Not enough datasets to tell: {ranking.units} here, and {ranking.units_needed} are the least that "
            f"could separate any two of {n} techniques ({ranking.test}). Ranks are all shared."
        )
    else:
        yield f"Ranks are shared unless {ranking.units} datasets separate them ({ranking.test})."
    if ranking.units and ranking.units < len(ranking.compared):
        yield f"{len(ranking.compared)} datasets of {ranking.units} origins; datasets of one origin count once."


def _coverage(rows: Sequence[Row], datasets: Sequence[DatasetFacts]) -> Iterator[str]:
    planned = sum(d.n_planned for d in datasets)
    shared = sum(d.n_shared for d in datasets)
    if not any(r.ok for r in rows):
        yield "No technique has a result here."
    elif shared < planned and any(r.finished < r.planned for r in rows):
        yield (
            f"Unfinished: figures are over the {shared} of {planned} splits that the techniques compared "
            "have all tried."
        )
    for d in datasets:
        if d.n_shared and not d.compared:
            yield f"No technique completed {d.name}; it counts in no mean and no rank."
    missing = sum(r.failures.get("missing", 0) for r in rows)
    if missing:
        yield f"{missing} planned cells have no record."
    if any(r.ok and not r.ranked for r in rows) and any(r.ranked for r in rows):
        yield "Values in parentheses are over fewer datasets than the others' and are not ranked."


def _leaks(protocol: str) -> Iterator[str]:
    """Splits of interactions that let training see what comes later than the test (Meng et al. 2020)."""
    policy = protocol.partition("(")[0].strip()
    if policy in {"user-random", "leave-last-out"}:
        yield f"{policy} leaks the future: training sees events later than some that are held out."


def _scale(terms: Terms, ranking: Ranking, metric: Mapping[str, object]) -> Iterator[str]:
    if len(ranking.compared) > 1 and terms.direction and metric.get("worst") is None:
        yield f"{terms.metric} is unbounded: one dataset can dominate its mean; read the mean rank first."


def _times(machines: Sequence[str], cells: BoardCells) -> Iterator[str]:
    if len(machines) > 1:
        yield f"Times (!) may come from {len(machines)} machines and are not comparable: {'; '.join(machines)}."
    threads = {
        r.threads for units in cells.trials.values() for t in units.values() for r in t.records if r.threads
    }
    if len(threads) > 1:
        yield f"Times (!) were taken with different numbers of threads: {', '.join(map(str, sorted(threads)))}."
