"""A dataset's card: what it is, where it comes from, under which licence, and the role of each column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The parsed TOML card of a dataset (`parse_card` in `model/card.py` checks it).

    file: resource path of a shipped csv.gz beside the card, or None where a loader brings the rows.
    sha256: of the shipped or fetched file. kinds: column -> "numeric" | "nominal" (others are inferred).
    positive: label of the positive class. origin: datasets of one origin count once in statistics.
    drop: columns never shown to a technique. groups, time: column names or None.
    For interactions: user, item, weight (or None), time, and `threshold`: keep events with weight >= it.
    """

    name: str
    task: str
    title: str = ""
    target: str | None = None
    positive: str | None = None
    file: str | None = None
    sha256: str | None = None
    rows: int | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    groups: str | None = None
    time: str | None = None
    user: str | None = None
    item: str | None = None
    weight: str | None = None
    threshold: float | None = None
    transform: str | None = None
    origin: str = ""
    licence: str = ""
    source: str = ""
    citation: str = ""
    made_by: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)
