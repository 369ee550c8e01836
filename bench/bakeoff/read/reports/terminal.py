"""Tables for a terminal, through rich: they fit the width by leaving out extra metrics, never by cutting text."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from bakeoff.read.boards import Leaderboard
from bakeoff.read.reports import content
from bakeoff.read.reports.options import ReportOptions
from bakeoff.read.reports.text import clean

#: Characters a line where nobody says otherwise (pipes, files).
DEFAULT_WIDTH = 100

#: Wider than any table: rich must never crop; what fits is decided here.
_UNLIMITED = 10_000

#: Longer names are folded onto more lines: at the first width, at the second where the table is too wide.
_NAMES, _SHORT_NAMES = 40, 12


def render(boards: Sequence[Leaderboard], options: ReportOptions) -> str:
    """Write leaderboards as text of `options.width` characters a line, coloured if `options.color`."""
    width = max(options.width or DEFAULT_WIDTH, 40)
    out = io.StringIO()
    console = Console(
        file=out,
        width=_UNLIMITED,
        force_terminal=options.color,
        color_system="standard" if options.color else None,
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
    )
    for board in boards:
        _board(console, board, width, options.per_dataset)
    if boards:
        _wrapped(console, content.LEGEND, width, "dim")
    for problem in content.problems(boards):
        _wrapped(console, f"Problem: {problem}", width, "red")
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _board(console: Console, board: Leaderboard, width: int, per_dataset: bool) -> None:
    _wrapped(console, content.title(board), width, "bold")
    if board.question:
        _wrapped(console, clean(board.question, limit=600), width, "italic")
    _wrapped(console, content.protocol(board), width, "")
    _wrapped(console, content.datasets(board), width, "")
    table, dropped = _fitting(console, board, width)
    console.print()
    console.print(table)
    console.print()
    if per_dataset:
        for part in _parts(console, content.dataset_table(board), width):
            console.print(part)
            console.print()
    if dropped:
        _wrapped(console, f"Not shown for want of width: {', '.join(map(clean, dropped))}.", width, "dim")
    for remark in content.remarks(board):
        _wrapped(console, remark, width, "yellow" if remark.startswith("!") else "")
    console.print()


def _fitting(console: Console, board: Leaderboard, width: int) -> tuple[RichTable, list[str]]:
    """The main table, and the extra metrics (the last ones first) it had to leave out; then names are folded."""
    others = list(content.other_metrics(board))
    dropped: list[str] = []
    names = _NAMES
    while True:
        table = _rich(content.main_table(board, others), names, wrap_headings=True)
        excess = console.measure(table).maximum - width
        if excess > 0 and others:
            dropped.insert(0, others.pop())
        elif excess > 0 and names > _SHORT_NAMES:
            names -= 1
        else:
            return table, dropped


def _rich(table: content.Table, names: int = _NAMES, *, wrap_headings: bool = False) -> RichTable:
    rich = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    starred = [any(row[i].best for row in table.rows) for i in range(len(table.headings))]
    for i, heading in enumerate(table.headings):
        # The trailing space keeps numbers under each other where one of them carries a star.
        shown = heading.replace(" ", "\n") if wrap_headings and i >= table.left else heading
        rich.add_column(
            Text(shown),
            justify="left" if i < table.left else "right",
            overflow="fold",
            max_width=names if i < table.left else None,
        )
    for row in table.rows:
        rich.add_row(*(_text(cell, star) for cell, star in zip(row, starred, strict=True)))
    return rich


def _text(cell: content.Cell, column_has_star: bool) -> Text:
    text = Text(cell.text, style="bold green" if cell.best else "")
    text.append("*" if cell.best else " " if column_has_star else "")
    return text


def _parts(console: Console, table: content.Table, width: int) -> list[RichTable]:
    """Cut a table with many columns into tables that fit, each with the first column."""
    parts: list[RichTable] = []
    first, n = 1, len(table.headings)
    while first < n:
        last = n
        while last > first + 1 and console.measure(_rich(_columns(table, first, last))).maximum > width:
            last -= 1
        parts.append(_rich(_columns(table, first, last)))
        first = last
    return parts


def _columns(table: content.Table, first: int, last: int) -> content.Table:
    rows = tuple((row[0], *row[first:last]) for row in table.rows)
    return content.Table((table.headings[0], *table.headings[first:last]), rows, left=1)


def _wrapped(console: Console, text: str, width: int, style: str) -> None:
    for line in textwrap.wrap(text, width, subsequent_indent="  ", break_on_hyphens=False):
        console.print(Text(line, style=style))
