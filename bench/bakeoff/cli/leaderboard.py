"""`bakeoff leaderboard`: sum up results folders. Needs no technique that made them, only the records."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bakeoff.cli.options import default_results, plugin_options
from bakeoff.discovery.selection import Selection


@click.command()
@click.argument("suites", nargs=-1, metavar="[SUITE]...")
@click.option(
    "--results",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Results folder; may be given several times. [default: $BAKEOFF_RESULTS or bakeoff-results]",
)
@click.option(
    "--format",
    "format_",
    metavar="FORMAT",
    help="terminal, md, csv, csv-wide, json, or a plugin's. [default: as --output ends, else terminal]",
)
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="PATH", help="Write a file instead of printing."
)
@click.option("--metric", metavar="M", help="Rank by this metric; boards without it are left out.")
@click.option("--per-dataset", is_flag=True, help="Add the table of datasets and techniques.")
@plugin_options
def leaderboard(
    suites: tuple[str, ...],
    results: tuple[Path, ...],
    format_: str | None,
    output: Path | None,
    metric: str | None,
    per_dataset: bool,
    selection: Selection,
) -> None:
    """Sum up results as leaderboards, one per suite, task, protocol and track."""
    from bakeoff.cli.report import options_for_stdout, render, sayable, write
    from bakeoff.discovery import load_catalog
    from bakeoff.read.reports.options import ReportOptions

    catalog = load_catalog(selection)
    suffix = output.suffix.removeprefix(".") if output else ""
    name = format_ or (suffix if suffix in catalog.reporters else "terminal")
    catalog.find("reporters", name, where="--format")

    from bakeoff.read import leaderboards
    from bakeoff.store import read_results

    folders = results or (default_results(),)
    boards = leaderboards(read_results(folders), suites=suites, metric=metric)
    if output is None:
        text = render(boards, name, catalog, options_for_stdout(per_dataset=per_dataset))
        click.echo(sayable(text, sys.stdout.encoding), nl=False)
        return
    write(render(boards, name, catalog, ReportOptions(per_dataset=per_dataset)), output)
    word = "leaderboard" if len(boards) == 1 else "leaderboards"
    click.echo(f"Wrote {len(boards)} {word} to {output}.", err=True)
