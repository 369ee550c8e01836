"""SPLIT-01, SPLIT-02 and SPLIT-03: each fires on a broken split, and not on a sound one."""

from __future__ import annotations

import numpy as np
import pytest

from bakeoff.model.errors import Refusal
from bakeoff.run.data.split_checks import check_sides

TRAIN, TEST = np.array([0, 1, 2, 3]), np.array([4, 5])


def test_a_sound_split_passes_all_three() -> None:
    check_sides(TRAIN, TEST, "toy", time=np.arange(6.0), groups=np.array([0, 0, 1, 1, 2, 2]))


def test_equal_rows_with_different_ids_are_no_split_01() -> None:
    check_sides(TRAIN, TEST, "toy", groups=None)


def test_split_01_fires_on_a_row_on_both_sides() -> None:
    with pytest.raises(
        Refusal, match="toy, split r0f0: 2 rows are on both sides, the first is row 1"
    ) as caught:
        check_sides(TRAIN, np.array([1, 3, 4]), "toy, split r0f0")
    assert caught.value.code == "SPLIT-01"


@pytest.mark.parametrize("first_test_time", [2.0, 2.5])
def test_split_02_fires_on_training_rows_that_are_not_earlier(first_test_time: float) -> None:
    time = np.array([0, 1, 2, 3, first_test_time, 9.0])
    late = int((time[:4] >= first_test_time).sum())
    with pytest.raises(Refusal, match=f"{late} of 4 training rows are not earlier") as caught:
        check_sides(TRAIN, TEST, "toy", time=time)
    assert caught.value.code == "SPLIT-02"
    assert "forward" in caught.value.hint


def test_split_03_fires_on_a_group_on_both_sides() -> None:
    with pytest.raises(Refusal, match="1 groups have rows on both sides, the first is group 8") as caught:
        check_sides(TRAIN, TEST, "toy", groups=np.array([7, 7, 8, 8, 8, 9]))
    assert caught.value.code == "SPLIT-03"
