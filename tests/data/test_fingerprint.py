"""Equal content, equal fingerprint, on every machine; any change of content or role, another one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from bakeoff.run.data.fingerprint import interaction_fingerprint, table_fingerprint
from bakeoff.run.data.share import assemble, categorical
from bakeoff.run.data.types import TableData

NUMBERS = np.array([1.5, np.nan, -0.0, 3.0])
CODES = np.array([0, 1, -1, 1])
TARGET = np.array([0, 1, 1, 0])
#: Computed once. If it moves, stored results lose their datasets: raise fingerprint.VERSION and say so.
GOLDEN_TABLE = "170a3cd8e8cf96272fd2d6c83f5189fae2553343f8e073c6fdf3eac93781b3f2"
GOLDEN_EVENTS = "cf2b8c16849b7409b148ca07dedf6185ab750df6358bc06f5fd2169d21dcc88a"


def fingerprint(**changed: object) -> str:
    parts: dict[str, object] = {
        "numbers": NUMBERS,
        "codes": CODES,
        "levels": ["a", "ß"],
        "names": ["x", "c"],
        "target": TARGET,
        "classes": ("n", "y"),
        "groups": None,
        "time": None,
    } | changed
    columns = [parts["numbers"], categorical(parts["codes"], parts["levels"])]  # type: ignore[arg-type]
    frame = assemble(dict(zip(parts["names"], columns, strict=True)), 4)  # type: ignore[call-overload]
    return table_fingerprint(frame, *(parts[k] for k in ("target", "classes", "groups", "time")))  # type: ignore[arg-type]


def events(**changed: object) -> str:
    parts: dict[str, object] = {
        "users": np.array([0, 1, 1]),
        "items": np.array([1, 0, 1]),
        "weights": np.array([1, 2, 1], dtype=np.float32),
        "user_ids": ("u", "v"),
        "item_ids": ("10", "2"),
        "time": np.array([1.0, 2.0, 3.0]),
    } | changed
    return interaction_fingerprint(**parts)  # type: ignore[arg-type]


def test_golden_values_hold_on_every_machine() -> None:
    assert (fingerprint(), events()) == (GOLDEN_TABLE, GOLDEN_EVENTS)


@pytest.mark.parametrize(
    "same",
    [
        {"numbers": np.array([1.5, -np.nan, 0.0, 3.0])},
        {"numbers": np.repeat(NUMBERS, 2)[::2]},
        {"numbers": NUMBERS.astype(">f8")},
        {"codes": CODES.astype(np.int64)},
        {"target": TARGET.astype(np.int32)},
        {"classes": ["n", "y"]},
    ],
    ids=["NaN bits and minus zero", "strides", "byte order", "code width", "target width", "list"],
)
def test_what_a_library_may_change_does_not_change_it(same: dict[str, object]) -> None:
    assert fingerprint(**same) == fingerprint()


@pytest.mark.parametrize(
    "other",
    [
        {"numbers": np.array([1.5, 0.0, 0.0, 3.0])},
        {"numbers": np.array([1.5, np.nan, 0.0, np.nextafter(3.0, 4.0)])},
        {"codes": np.array([0, 1, 0, 1])},
        {"levels": ["a", "b"]},
        {"names": ["c", "x"]},
        {"target": np.array([0, 1, 1, 1])},
        {"target": TARGET.astype(float)},
        {"classes": ("y", "n")},
        {"groups": np.array([0, 0, 1, 1])},
        {"time": np.array([0.0, 0.0, 1.0, 1.0])},
    ],
    ids=[
        "value",
        "last bit",
        "code",
        "level",
        "column",
        "target",
        "kind of target",
        "positive",
        "groups",
        "time",
    ],
)
def test_content_and_roles_change_it(other: dict[str, object]) -> None:
    assert fingerprint(**other) != fingerprint()


@pytest.mark.parametrize(
    "other",
    [
        {"users": np.array([0, 1, 0])},
        {"items": np.array([1, 1, 1])},
        {"weights": np.array([1, 1, 1], dtype=np.float32)},
        {"user_ids": ("u", "w")},
        {"item_ids": ("10", "3")},
        {"time": np.array([1.0, 2.0, 4.0])},
        {"time": None},
    ],
)
def test_events_and_ids_change_it(other: dict[str, object]) -> None:
    assert events(**other) != events()


def test_the_name_of_a_file_does_not_change_it(own_table: Callable[..., TableData]) -> None:
    text = pd.DataFrame({"x": [1, 2, 3], "y": ["a", "b", "b"]}).to_csv(index=False)
    assert own_table(text, "y", name="a.csv").fingerprint == own_table(text, "y", name="b.csv").fingerprint
