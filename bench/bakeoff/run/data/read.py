"""Files into raw frames: CSV (comma, or tab for .tsv), gzip of either, Parquet. Says clearly what is wrong with
a file; does not decide what a column means.
"""

from __future__ import annotations

import csv
import gzip
import io
import warnings
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from bakeoff.model.errors import DatasetError

#: What counts as missing in a user's file. "None" is not among them: it is often a level.
MISSING = ("", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "#N/A", "?")
#: In files that Bakeoff or a plugin ships, an empty cell alone is missing.
SHIPPED_MISSING = ("",)

#: pandas reads numbers exactly of itself from 3.1 on, where asking for it is deprecated; before, it must be asked.
_EXACT: dict[str, Any] = (
    {} if tuple(map(int, pd.__version__.split(".")[:2])) >= (3, 1) else {"float_precision": "round_trip"}
)
_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def read_file(path: Path) -> pd.DataFrame:
    """Read a user's file; what it is, its first bytes say. DatasetError for whatever keeps it from being read."""
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise DatasetError(f"cannot read {path}: {error.strerror}.") from error
    if magic == b"PAR1":
        return _read_parquet(path)
    if path.suffix in (".parquet", ".pq"):
        raise DatasetError(f"{path.name} is no Parquet file: it does not begin with PAR1.")
    tabs = ".tsv" in path.suffixes
    return read_csv(unzipped(path.read_bytes(), path.name), path.name, MISSING, "\t" if tabs else ",")


def unzipped(data: bytes, where: str) -> bytes:
    """Decompress gzip; other bytes come back as they are."""
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetError(f"{where} is damaged: its gzip data ends early or is broken ({error}).") from error


def read_csv(
    data: bytes, where: str, missing: Sequence[str] = SHIPPED_MISSING, delimiter: str = ","
) -> pd.DataFrame:
    """Parse UTF-8 CSV with a header line; quoted newlines and a byte order mark are fine.

    Numbers are read to the last bit, so that a fingerprint is the same everywhere. DatasetError for an
    empty file, other encodings, another delimiter, a name used twice, and lines with too many fields.
    """
    _check_text(data, where)
    _check_header(data, where, delimiter)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            frame: pd.DataFrame = pd.read_csv(
                io.BytesIO(data),
                sep=delimiter,
                encoding="utf-8-sig",
                keep_default_na=False,
                na_values=list(missing),
                index_col=False,
                low_memory=False,
                **_EXACT,
            )
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        reason = " ".join(str(error).split()).removeprefix("Error tokenizing data. C error: ")
        hint = "Are values that hold the delimiter in quotes?"
        raise DatasetError(f"{where} is no rectangular table: {reason}.", hint=hint) from error
    if not len(frame):
        raise DatasetError(f"{where} has a header and no rows.")
    return frame


def _check_text(data: bytes, where: str) -> None:
    if not data.strip():
        raise DatasetError(f"{where} is empty.")
    hint = "Save it again as UTF-8 (`iconv -f latin1 -t utf-8`, or 'CSV UTF-8' in a spreadsheet)."
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise DatasetError(f"{where} is not UTF-8 text: line {line} holds other bytes.", hint=hint) from error
    if b"\0" in data:
        raise DatasetError(f"{where} is not UTF-8 text: it holds NUL bytes.", hint=hint)


def _check_header(data: bytes, where: str, delimiter: str) -> None:
    # The csv module wants text; half a character at the cut belongs to no header that anybody wrote.
    start = data[: 1 << 20].decode("utf-8-sig", errors="ignore")
    try:
        rows = csv.reader(io.StringIO(start, newline=""), delimiter=delimiter)
        header = next((row for row in rows if row), [])
    except csv.Error as error:
        raise DatasetError(f"the header of {where} cannot be read: {error}.") from error
    if not header:
        raise DatasetError(f"{where} is empty.")
    if len(header) == 1:
        _refuse_one_column(header[0], where, delimiter)
    twice = [name for name, times in Counter(header).items() if times > 1 and name]
    if twice:
        raise DatasetError(f"{where} has more than one column {twice[0]!r}.", hint="Rename one of them.")


def _refuse_one_column(header: str, where: str, delimiter: str) -> None:
    others = {**_OTHER_DELIMITERS, ",": "commas"}
    wanted = others[delimiter]
    for other, word in others.items():
        if other in header and other != delimiter:
            hint = f"It seems to be separated by {word}: save it with {wanted}."
            raise DatasetError(f"{where} has one column when split at {wanted}.", hint=hint)
    raise DatasetError(f"{where} has one column only, {header!r}: a target and an input are needed.")


def _read_parquet(path: Path) -> pd.DataFrame:
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        hint = "Install it: pip install 'bakeoff[report]'"
        raise DatasetError(f"{path.name} is Parquet, which needs pyarrow.", hint=hint) from error
    try:
        frame = pd.read_parquet(path, engine="pyarrow")
    except (OSError, ValueError) as error:  # ArrowInvalid is a ValueError
        reason = str(error).split("\n")[0].rstrip(".")
        raise DatasetError(f"{path.name} is damaged or no Parquet: {reason}.") from error
    if not len(frame):
        raise DatasetError(f"{path.name} has no rows.")
    named = any(name is not None for name in frame.index.names)
    return frame.reset_index() if named else frame.reset_index(drop=True)
