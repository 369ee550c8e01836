"""`bakeoff run`: run suites, or techniques on datasets, and print leaderboards.

Heavy rooms are imported inside the command, so that `--help` stays light.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bakeoff.cli.options import plugin_options, results_folder
from bakeoff.model.errors import BakeoffError
from bakeoff.model.units import parse_size, show_seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bakeoff.discovery import Catalog, Selection
    from bakeoff.run.compose import Words
    from bakeoff.run.data.types import Data
    from bakeoff.run.loop import Summary
    from bakeoff.run.plan import Plan

#: Seconds a cell may take where nobody said anything: a hang must end.
_DEFAULT_TIMEOUT = 600.0
#: Share of the free memory that all workers together may use where nobody said anything.
_DEFAULT_MEMORY_SHARE = 0.8


def _list(_context: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
    if value is None:
        return ()
    from bakeoff.run.chain import split_outside

    return tuple(dict.fromkeys(split_outside(value, ",")))


def _size(_context: click.Context, _parameter: click.Parameter, value: str | None) -> int | None:
    return None if value is None else parse_size(value)


@click.command("run")
@click.argument("suites", nargs=-1, metavar="[SUITE|FILE.toml]...")
@click.option("--profile", help="The suite's profile: ci (minutes) or full.")
@click.option("--technique", "techniques", callback=_list, help="Run exactly these: a,b or ./mine.py:Model.")
@click.option("--dataset", "datasets", callback=_list, help="On these: x,y or ./my.csv (with --target).")
@click.option("--target", help="Column of your file to predict.")
@click.option("--positive", help="Label of the positive class.")
@click.option("--drop", callback=_list, help="Columns of your file that techniques must not see.")
@click.option("--groups", help="Column whose equal values stay on one side of a split.")
@click.option("--time", "time_column", help="Column of time: train on the past, test on the future.")
@click.option("--metric", help="Metric to rank by.")
@click.option("--split", help="Split policy, e.g. user-random or holdout[test=0.2].")
@click.option("--folds", type=click.IntRange(2), help="Folds of a K-fold split.")
@click.option("--repeats", type=click.IntRange(1), help="Repeats of the split  [default: the suite's, or 1].")
@click.option(
    "--seed", type=click.IntRange(0, 2**32 - 1), help="Seed of splits and techniques  [default: 0]."
)
@click.option("--jobs", type=click.IntRange(1), help="Worker processes  [default: one a core].")
@click.option("--timeout", type=click.FloatRange(0), help="Seconds a cell may take, 0 = any  [default: 600].")
@click.option("--memory", callback=_size, help="Memory a cell may take above its worker, e.g. 2GiB.")
@click.option("--budget", type=click.FloatRange(0, min_open=True), help="Seconds for the whole run.")
@click.option(
    "--results", type=click.Path(path_type=Path), help="Results folder  [default: bakeoff-results]."
)
@click.option("--rerun", type=click.Choice(["failed", "all"]), help="Run finished cells again.")
@click.option("--engine", default="local", show_default=True, help="Where cells run.")
@click.option("--no-predictions", is_flag=True, help="Do not keep predictions.")
@click.option("--dry-run", is_flag=True, help="Show what would be run, and stop.")
@click.option("--explain", is_flag=True, help="Say for each cell why it is reused or not, and stop.")
@click.option("--strict", is_flag=True, help="Exit 1 on unavailable, refused or not-run cells too.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print a summary as JSON instead of leaderboards.")
@plugin_options
def run(selection: Selection, **words: Any) -> None:
    """Run suites and print their leaderboards.

    Without a suite, --technique and --dataset make one. Finished cells are reused; a stopped run resumes.
    """
    from bakeoff.discovery import load_catalog

    sys.exit(_run(load_catalog(selection), words))


def _run(catalog: Catalog, words: Mapping[str, Any]) -> int:
    from bakeoff.run.compose import compose
    from bakeoff.run.plan import make_plan

    folder = results_folder(words["results"])
    asked = _words(words)
    configs, own = compose(asked, catalog)
    plans = [make_plan(config, catalog, own) for config in configs]
    if words["explain"] or words["dry_run"]:
        return _show(plans, folder, words)
    summaries = []
    for plan in plans:
        _announce(plan, own, folder, words)
        summaries.append(_execute(plan, catalog, folder, words))
        if summaries[-1].interrupted:
            break
    _report(summaries, plans, folder, words)
    return _exit_code(summaries, strict=words["strict"])


def _words(words: Mapping[str, Any]) -> Words:
    from bakeoff.run.compose import Words
    from bakeoff.run.data.open import OwnData

    described = [words[k] for k in ("target", "positive", "drop", "groups", "time_column") if words[k]]
    if described and not words["target"]:
        raise BakeoffError(
            "--positive, --drop, --groups and --time need --target.", hint="Add --target COLUMN."
        )
    own = None
    if words["target"]:
        own = OwnData(
            target=words["target"],
            positive=words["positive"],
            drop=words["drop"],
            groups=words["groups"],
            time=words["time_column"],
        )
    same = (
        "suites",
        "profile",
        "techniques",
        "datasets",
        "folds",
        "repeats",
        "seed",
        "metric",
        "split",
        "budget",
    )
    return Words(own=own, timeout=words["timeout"], memory=words["memory"], **{k: words[k] for k in same})


def _jobs(words: Mapping[str, Any]) -> int:
    if words["jobs"]:
        return int(words["jobs"])
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _limits(plan: Plan, jobs: int) -> Any:
    import psutil

    from bakeoff.run.engines.base import Limits

    timeout = _DEFAULT_TIMEOUT if plan.config.timeout is None else plan.config.timeout
    memory = plan.config.memory or int(psutil.virtual_memory().available * _DEFAULT_MEMORY_SHARE / jobs)
    return Limits(timeout or None, memory)


def _execute(plan: Plan, catalog: Catalog, folder: Path, words: Mapping[str, Any]) -> Summary:
    from bakeoff.cli.progress import progress_for
    from bakeoff.run.dotted import load_object
    from bakeoff.run.loop import Options, execute

    jobs = _jobs(words)
    limits = _limits(plan, jobs)
    engine = load_object(catalog.find("engines", words["engine"]).spec.implementation)(jobs=jobs)
    config = plan.config
    options = Options(
        limits=limits,
        budget=config.budget,
        rerun=words["rerun"],
        predictions=not words["no_predictions"],
        configuration={
            "profile": config.profile,
            "seed": config.seed,
            "jobs": jobs,
            "timeout": limits.timeout,
            "memory": limits.memory,
            "budget": config.budget,
            "engine": words["engine"],
        },
    )
    return execute(plan, catalog, engine, folder, options, progress_for(config.name))


def _announce(plan: Plan, own: Mapping[str, Data], folder: Path, words: Mapping[str, Any]) -> None:
    """On standard error: notes, what is unavailable, and for the user's own file what was made of it."""
    from bakeoff.cli.announce import estimate_line, own_lines, unavailable_lines

    name = plan.config.name
    for line in [*plan.notes, *unavailable_lines(plan)]:
        click.echo(f"{name}: {line}", err=True)
    if not own:
        return
    for line in own_lines(plan, own):
        click.echo(line, err=True)
    click.echo(estimate_line(plan, folder, _jobs(words)), err=True)
    if not words["yes"] and sys.stdin.isatty() and sys.stderr.isatty():
        click.confirm("Run it?", default=True, abort=True, err=True)


def _show(plans: list[Plan], folder: Path, words: Mapping[str, Any]) -> int:
    from bakeoff.cli.announce import cell_lines, estimate_line

    for plan in plans:
        limits = _limits(plan, _jobs(words))
        for line in cell_lines(plan, folder, limits, words["rerun"], explain=words["explain"]):
            click.echo(line)
        click.echo(estimate_line(plan, folder, _jobs(words)), err=True)
    return 0


def _report(summaries: list[Summary], plans: list[Plan], folder: Path, words: Mapping[str, Any]) -> None:
    from dataclasses import asdict

    for summary in summaries:
        if summary.reused == summary.cells:
            click.echo(
                f"{summary.suite}: all {summary.cells} cells were finished before and reused", err=True
            )
        for problem in summary.problems:
            click.echo(f"{folder}: {problem}", err=True)
    if words["as_json"]:
        click.echo(
            json.dumps({"suites": [asdict(s) | {"failures": s.failures} for s in summaries]}, indent=2)
        )
        return
    from bakeoff.cli.summary import summarise

    ran = {(p.config.name, c.task, c.protocol): None for p in plans[: len(summaries)] for c in p.cells}
    click.echo(summarise(folder, tuple(ran)), nl=False)
    for summary in summaries:
        spent = show_seconds(summary.seconds)
        counts = ", ".join(f"{n} {s}" for s, n in sorted(summary.counts.items()))
        click.echo(f"{summary.suite}: {summary.cells} cells ({counts}; {summary.reused} reused) in {spent}.")
    click.echo(
        f"Results: {folder}. Tables as files: bakeoff leaderboard --results {folder} --format md|csv|json."
    )


def _exit_code(summaries: list[Summary], *, strict: bool) -> int:
    if any(s.interrupted for s in summaries):
        return 130
    wanting = ("unavailable", "refused", "not_run")
    if any(s.failures for s in summaries):
        return 1
    return int(strict and any(s.counts.get(w) for s in summaries for w in wanting))
