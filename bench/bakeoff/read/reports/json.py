"""Everything, for machines: the fields of `bakeoff.read.boards` by their own names, strict JSON.

`format` and `version` stand at the top; `version` rises when a field changes its meaning or goes. Numbers that
are not finite become null. Only ASCII is written, so that any pipe carries it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bakeoff.read.boards import Leaderboard
from bakeoff.read.reports.options import ReportOptions

VERSION = 1


def render(boards: Sequence[Leaderboard], options: ReportOptions) -> str:  # noqa: ARG001  a reporter's signature
    """Write all leaderboards as one JSON object; the same records always give the same text."""
    document = {
        "format": "bakeoff-leaderboards",
        "version": VERSION,
        "leaderboards": [_finite(asdict(board)) for board in boards],
    }
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(k): _finite(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(v) for v in value]
    return value
