"""Show rows of text: a coloured table on a terminal, plain aligned columns, never cut, in a pipe.

rich is imported only for a terminal: `bakeoff list techniques | grep` need not pay for it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

import click


def show_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under their columns on standard output."""
    if sys.stdout.isatty():
        _show_rich(columns, rows)
    else:
        click.echo(plain_table(columns, rows))


def plain_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Aligned columns, two spaces apart, without anything after a line's last cell."""
    lines = [[_flat(cell) for cell in row] for row in (columns, *rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(columns))]
    return "\n".join(
        "  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def show_json(value: Any) -> None:
    """Print indented JSON."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=list))


def _flat(cell: str) -> str:
    return " ".join(cell.split())


def _show_rich(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_flat(cell)) for cell in row))  # Text: "[text]" in an install line is no markup
    Console().print(table)
