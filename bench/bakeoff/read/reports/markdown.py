"""Markdown tables (GitHub's pipe format), through tabulate. No foreign text can leave its cell or become markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tabulate import tabulate

from bakeoff.read.boards import Leaderboard
from bakeoff.read.reports import content
from bakeoff.read.reports.options import ReportOptions
from bakeoff.read.reports.text import clean


def render(boards: Sequence[Leaderboard], options: ReportOptions) -> str:
    """Write leaderboards as Markdown: all metrics, notes as a list, the per-dataset table if asked for."""
    parts = [part for board in boards for part in _board(board, options.per_dataset)]
    parts += [escape(content.LEGEND)] if boards else []
    parts += [f"Problem: {escape(problem)}" for problem in content.problems(boards)]
    return "\n\n".join(parts) + "\n"


def escape(text: str) -> str:
    r"""Make `text` plain inside a Markdown table: `\|`, `&lt;`, no emphasis, code, link, mention or issue number."""
    text = text.replace("\\", "\\\\").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"([`*\[\]|~$])", r"\\\1", text)
    text = re.sub(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])", r"\\_", text)
    text = re.sub(r"(?<!\w)@", "&#64;", text)
    text = re.sub(r"#(?=\d)", "&#35;", text)
    return re.sub(r"(?i)\b(https?|ftp)://", r"\1&#58;//", re.sub(r"(?i)\bwww\.", "www&#46;", text))


def _board(board: Leaderboard, per_dataset: bool) -> list[str]:
    parts = [f"### {escape(content.title(board))}"]
    if board.question:
        parts.append(f"_{escape(clean(board.question, limit=600)).strip()}_")
    parts += [escape(content.protocol(board)), escape(content.datasets(board))]
    parts.append(_table(content.main_table(board, content.other_metrics(board))))
    if per_dataset:
        parts.append(_table(content.dataset_table(board)))
    remarks = content.remarks(board)
    if remarks:
        parts.append("\n".join(f"- {escape(remark)}" for remark in remarks))
    return parts


def _table(table: content.Table) -> str:
    aligned = ["left" if i < table.left else "right" for i in range(len(table.headings))]
    rows = [[_cell(cell) for cell in row] for row in table.rows]
    headings = [escape(heading) for heading in table.headings]
    return tabulate(
        rows, headers=headings, tablefmt="pipe", colalign=aligned if rows else None, disable_numparse=True
    )


def _cell(cell: content.Cell) -> str:
    return f"**{escape(cell.text)}**" if cell.best else escape(cell.text)
