"""Jobs for the engine without any plan: a small shared table, links to the faulty techniques."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bakeoff.model.card import Card
from bakeoff.model.words import Inputs
from bakeoff.run.data.share import share
from bakeoff.run.data.types import TableData
from bakeoff.run.engines.base import Job, Limits, Link

FAULTY = Path(__file__).parent / "techniques" / "faulty.py"


@pytest.fixture
def faulty() -> Callable[[str], str]:
    """`./faulty.py:Name` as `--technique` takes it."""
    return lambda name: f"{FAULTY}:{name}"


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shared table of 60 rows: two numeric columns and a nominal one."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.normal(size=60), "b": rng.normal(size=60)})
    frame["c"] = pd.Categorical(rng.choice(["x", "y"], 60), categories=["x", "y"])
    data = TableData(
        "t", "classification", Card(name="t", task="classification"), "f" * 16, frame, np.zeros(60)
    )
    folder = tmp_path_factory.mktemp("share")
    share(data, folder)
    return folder


@pytest.fixture
def make_job(shared: Path) -> Callable[..., Job]:
    """A classification job on the shared table for a class of the faulty file."""

    def make(number: int, name: str, limits: Limits | None = None, seed: int = 7) -> Job:
        y = np.arange(40) % 2
        link = Link(name, f"file:{FAULTY}:{name}", {}, Inputs.MATRIX, "random_state")
        return Job(
            id=number,
            kind="table",
            links=(link,),
            classes=2,
            seed=seed,
            share=str(shared),
            limits=limits or Limits(timeout=30.0),
            fit=lambda: {"train": np.arange(40), "y": y},
            ask=lambda: {"test": np.arange(40, 60)},
        )

    return make
