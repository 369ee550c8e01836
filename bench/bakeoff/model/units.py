"""Sizes and durations as people write them."""

from __future__ import annotations

import re

from bakeoff.model.errors import BakeoffError

_UNITS = {"": 1, "b": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_BINARY = {"ki": 2**10, "mi": 2**20, "gi": 2**30, "ti": 2**40}
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]?i?)b?\s*", re.IGNORECASE)


def parse_size(text: str | int) -> int:
    """Bytes from `2GiB`, `500 MB`, `1073741824`; BakeoffError for anything else and for zero."""
    match = _SIZE.fullmatch(str(text))
    unit = match.group(2).lower() if match else ""
    factor = (_UNITS | _BINARY).get(unit) if match else None
    size = int(float(match.group(1)) * factor) if match and factor else 0
    if size <= 0:
        raise BakeoffError(f"{text!r} is not a size.", hint="Write e.g. 2GiB or 500MB.")
    return size


def show_seconds(seconds: float) -> str:
    """`45 s`, `3 min 20 s`, `2 h 5 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
