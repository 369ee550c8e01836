"""The leaderboards at the end of `bakeoff run`: the same as `bakeoff leaderboard` prints, from the same records."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path


def summarise(results_folder: Path, ran: Sequence[tuple[str, str, str]]) -> str:
    """Return the leaderboards of a run in `results_folder` as text for standard output.

    ran: (suite, task, protocol) of every board of this run; others in the folder are left out.

    It uses the core's own terminal format, whatever plugins are there. Raises StoreError for a folder without
    records and UnknownName for a suite that has none in it.
    """
    from bakeoff.cli.report import options_for_stdout, sayable
    from bakeoff.read import leaderboards
    from bakeoff.read.reports.terminal import render
    from bakeoff.store import read_results

    suites = tuple(dict.fromkeys(suite for suite, _, _ in ran))
    every = leaderboards(read_results([results_folder]), suites=suites)
    boards = [b for b in every if (b.suite, b.task, b.protocol) in set(ran)]
    return sayable(render(boards, options_for_stdout(per_dataset=False)), sys.stdout.encoding)
