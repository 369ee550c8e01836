"""What every reporter is asked for besides the leaderboards."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """per_dataset: add the table of datasets. width: characters a line, None = 100. color: ANSI colours."""

    per_dataset: bool = False
    width: int | None = None
    color: bool = False
