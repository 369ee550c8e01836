"""How metric names are read: `ndcg@10` is `ndcg` cut at 10. Light; it knows no metric by name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bakeoff.model.errors import Refusal

_CUT = re.compile(r"@(\d+)$")


def cutoff(name: str) -> int | None:
    """The k of `base@k`, None for a name without one."""
    found = _CUT.search(name)
    return int(found[1]) if found else None


def refuse_sampled(names: Iterable[str]) -> None:
    """Refuse sampled ranking metrics such as `ndcg@10:sampled100` (Refusal REC-06).

    Ranking against a few sampled negatives reorders methods (Krichene & Rendle, KDD 2020).
    """
    for name in names:
        if "sampled" in name.lower():
            full = re.sub(r"[^a-z0-9@]*sampled.*$", "", name.lower()) or "ndcg@10"
            raise Refusal(
                "REC-06",
                f"{name!r} ranks against sampled items, which reorders techniques.",
                hint=f"Use {full!r}: every metric here ranks the full catalogue.",
            )
