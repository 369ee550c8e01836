"""What the toy brings: a technique, a step, a dataset, a suite and an observer."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bakeoff.api import Dataset, Inputs, Step, Suite, Technique, hookimpl

BAKEOFF_API = 1


@hookimpl
def bakeoff_techniques() -> list[Technique]:
    """Nearest centroid."""
    return [
        Technique(
            name="toy-centroid",
            implementations={"classification": "bakeoff_toy.learners:Centroid"},
            params={"softness": 1.0},
            seed_param=None,
            tags=("toy",),
            summary="class probabilities by the distance to each class's mean",
        )
    ]


@hookimpl
def bakeoff_steps() -> list[Step]:
    """Centring."""
    return [
        Step(
            name="toy-centre",
            implementation="bakeoff_toy.learners:Centre",
            tasks=("classification", "regression"),
            inputs=Inputs.MATRIX,
            summary="subtract the training mean of each column",
        )
    ]


@hookimpl
def bakeoff_datasets() -> list[Dataset]:
    """Two blobs, made at loading."""
    return [
        Dataset(
            name="toy-blobs",
            task="classification",
            card="bakeoff_toy:cards/toy-blobs.toml",
            loader="bakeoff_toy.data:blobs",
        )
    ]


@hookimpl
def bakeoff_suites() -> list[Suite]:
    """The toy against the baseline."""
    return [Suite(name="toy-suite", path="bakeoff_toy:suites/toy-suite.toml")]


@hookimpl
def bakeoff_cell_finished(record: Mapping[str, Any]) -> None:
    """Append the record's key and status to the file that BAKEOFF_TOY_LOG names, if it names one."""
    if log := os.environ.get("BAKEOFF_TOY_LOG"):
        line = json.dumps({"technique": record["technique"], "status": record["status"]})
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(line + "\n")
