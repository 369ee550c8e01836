"""The closed vocabularies of Bakeoff: how a cell ends, where it failed, what became of a plugin."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """How a planned cell ended. Every planned cell ends as exactly one record with one of these."""

    OK = "ok"
    FAILED = "failed"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    INVALID_OUTPUT = "invalid_output"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"
    NOT_RUN = "not_run"
    INTERRUPTED = "interrupted"


#: Statuses that say nothing about the technique: a later run tries such cells again without being asked.
NEVER_REUSED = frozenset({Status.UNAVAILABLE, Status.NOT_RUN, Status.INTERRUPTED})

#: Statuses that a larger limit may cure: reused only under limits that are not larger.
LIMIT_BOUND = frozenset({Status.TIMEOUT, Status.OUT_OF_MEMORY})

#: Statuses that mean "it ran, and something is not well" (exit code 1).
FAILURES = frozenset(
    {Status.FAILED, Status.TIMEOUT, Status.OUT_OF_MEMORY, Status.CRASHED, Status.INVALID_OUTPUT}
)


class Stage(StrEnum):
    """Where in a cell's life something happened."""

    LOAD = "load"
    IMPORT = "import"
    FIT = "fit"
    PREDICT = "predict"
    SCORE = "score"


class PluginState(StrEnum):
    """What discovery made of an entry point."""

    FOUND = "found"
    ACTIVE = "active"
    DISABLED = "disabled"
    BROKEN = "broken"
    INCOMPATIBLE = "incompatible"
    SHADOWED = "shadowed"


class Track(StrEnum):
    """Whether a technique ran with its declared defaults or with parameters tuned on the training part."""

    DEFAULT = "default"
    TUNED = "tuned"


class DataKind(StrEnum):
    """The shape of data a task works on; it decides the learner protocol (see `bakeoff.api`)."""

    TABLE = "table"
    INTERACTIONS = "interactions"


class Inputs(StrEnum):
    """What a table technique wants to be handed.

    FRAME: a pandas DataFrame; numeric columns are float64 (NaN where missing), nominal ones `category`.
    MATRIX: a float64 array; the harness has imputed medians and one-hot encoded nominal columns, both
    learned on the training part inside the measured fit.
    """

    FRAME = "frame"
    MATRIX = "matrix"
