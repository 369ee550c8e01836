"""Numbers and foreign text for people: short, aligned in kind, and harmless on a terminal.

Names and reasons come from records, and records from anywhere: control characters never get through.
"""

from __future__ import annotations

import unicodedata

ARROWS = {"max": " ↑", "min": " ↓"}


def clean(text: str, limit: int = 240) -> str:
    """One line of `text`: line ends become spaces, control and direction characters visible escapes."""
    line = " ".join(text.split())
    shown = "".join(
        c if unicodedata.category(c) not in {"Cc", "Cf", "Cs"} else c.encode("unicode_escape").decode()
        for c in line
    )
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def number(x: float | None) -> str:
    """About four significant digits: 0.9312, 12.34, 537.7, 1.2e-05; `-` for None."""
    if x is None:
        return "-"
    size = abs(x)
    if size >= 100_000 or 0 < size < 0.001:
        return f"{x:.3g}"
    return f"{x:.{4 if size < 10 else 2 if size < 100 else 1}f}"


def seconds(x: float | None) -> str:
    """Seconds with two or three digits; `-` for None."""
    if x is None:
        return "-"
    if 0 < x < 0.0005:
        return "<0.001"
    return f"{x:.{3 if x < 1 else 2 if x < 10 else 1 if x < 100 else 0}f}"


def mebibytes(x: int | None) -> str:
    """Bytes as MiB; `-` for None."""
    return "-" if x is None else f"{x / 2**20:.0f}"


def span(low: int | None, high: int | None) -> str:
    """A range of rank: `1-3`, or `2` where it is certain; `-` where there is none."""
    if low is None or high is None:
        return "-"
    return str(low) if low == high else f"{low}-{high}"


def heading(metric: str, direction: str) -> str:
    """A metric's name with an arrow to the better side."""
    return f"{metric}{ARROWS.get(direction, '')}"
