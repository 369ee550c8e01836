"""`bakeoff plugins`: every entry point that was found, its state, and why."""

from __future__ import annotations

from typing import Any

import click

from bakeoff.cli.options import plugin_options
from bakeoff.cli.tables import show_json, show_table
from bakeoff.discovery import (
    Catalog,
    PluginInfo,
    Registered,
    Selection,
    discover,
    install_line,
    missing_requirements,
)
from bakeoff.discovery.discover import insist
from bakeoff.model.errors import UnknownName

_COLUMNS = ("name", "state", "distribution", "version", "provides", "reason")


@click.command()
@click.option("--why", metavar="NAME", help="Show one plugin with its reason and traceback.")
@click.option("--json", "as_json", is_flag=True, help="Everything that is known, for machines.")
@plugin_options
def plugins(why: str | None, as_json: bool, selection: Selection) -> None:
    """Show what was found, and what is wrong with it.

    Broken plugins are listed and do no harm; under --strict-plugins they are an error, after the list.
    """
    if why is None:
        show_plugins(selection, as_json=as_json)
        return
    catalog = discover(selection)
    chosen = [info for info in catalog.plugins if info.name == why]
    if not chosen:
        raise UnknownName("plugin", why, [info.name for info in catalog.plugins])
    if as_json:
        show_json([facts(info, catalog) | {"traceback": info.traceback} for info in chosen])
        return
    click.echo("\n\n".join(_explain(info, catalog) for info in chosen))


def show_plugins(selection: Selection, *, as_json: bool) -> None:
    """Print the table or its JSON, and only then raise PluginError where the selection is strict."""
    catalog = discover(selection)
    rows = [facts(info, catalog) for info in catalog.plugins]
    if as_json:
        show_json(rows)
    else:
        show_table(_COLUMNS, [_cells(row) for row in rows])
    insist(catalog, selection)


def facts(info: PluginInfo, catalog: Catalog) -> dict[str, Any]:
    """What is known of a plugin. `unavailable`: its items whose requirements are missing -> the install line."""
    return {
        "name": info.name,
        "state": str(info.state),
        "distribution": info.distribution,
        "version": info.version,
        "module": info.module,
        "provides": dict(info.provides),
        "reason": info.reason,
        "unavailable": unavailable(catalog, info.name),
    }


def unavailable(catalog: Catalog, plugin: str | None = None) -> dict[str, str]:
    """Items (of one plugin) whose requirements are missing -> the line that installs them."""
    items: list[Registered[Any]] = [
        *catalog.techniques.values(),
        *catalog.steps.values(),
        *catalog.datasets.values(),
    ]
    chosen = [item for item in items if plugin in (None, item.plugin.name)]
    return {item.spec.name: install_line(item.spec) for item in chosen if missing_requirements(item.spec)}


def _cells(row: dict[str, Any]) -> list[str]:
    missing = "; ".join(f"{name} unavailable: {line}" for name, line in row["unavailable"].items())
    provides = ", ".join(f"{n} {kind if n > 1 else kind[:-1]}" for kind, n in row["provides"].items())
    return [
        row["name"],
        row["state"],
        row["distribution"],
        row["version"],
        provides,
        row["reason"] or missing,
    ]


def _explain(info: PluginInfo, catalog: Catalog) -> str:
    row = facts(info, catalog)
    lines = [f"{info.origin} is {info.state}", f"entry point: {info.module}"]
    if info.reason:
        lines.append(f"reason: {info.reason}")
    if row["provides"]:
        lines.append(f"provides: {_cells(row)[4]}")
    lines += [f"{name} is unavailable: {line}" for name, line in row["unavailable"].items()]
    if info.traceback:
        lines += ["", info.traceback.rstrip()]
    return "\n".join(lines)
