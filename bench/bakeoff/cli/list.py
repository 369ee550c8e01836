"""`bakeoff list KIND`: what is registered, from manifests, cards and suite files; no implementation is imported."""

from __future__ import annotations

import click

from bakeoff.cli import rows
from bakeoff.cli.options import plugin_options
from bakeoff.cli.tables import show_json, show_table
from bakeoff.discovery import Selection, load_catalog
from bakeoff.discovery.kinds import KINDS

_WORDS = [*(kind.plural for kind in KINDS), "plugins"]


@click.command(name="list")
@click.argument("kind", type=click.Choice(_WORDS), metavar="KIND")
@click.option("--json", "as_json", is_flag=True, help="Everything that is known, for machines.")
@plugin_options
def list_(kind: str, as_json: bool, selection: Selection) -> None:
    """List what plugins registered.

    KIND is techniques, steps, datasets, suites, tasks, metrics, engines, reporters or plugins.
    """
    if kind == "plugins":
        from bakeoff.cli.plugins import show_plugins

        show_plugins(selection, as_json=as_json)
        return
    found = rows.describe(kind, load_catalog(selection))
    if as_json:
        show_json(found)
        return
    columns = rows.COLUMNS[kind]
    show_table(columns, [[rows.cell(row, column) for column in columns] for row in found])
    if not found:
        click.echo(f"No {kind}. `bakeoff plugins` shows which plugins are active.", err=True)
