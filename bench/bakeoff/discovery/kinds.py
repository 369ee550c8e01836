"""The kinds of things a plugin can register: one row a registration hook."""

from __future__ import annotations

from dataclasses import dataclass

from bakeoff.model.specs import Dataset, Engine, Metric, Reporter, Spec, Step, Suite, Task, Technique


@dataclass(frozen=True, slots=True)
class Kind:
    """`plural` is the word of `bakeoff list` and of the catalogue; the hook is `bakeoff_<plural>`."""

    plural: str
    singular: str
    type: type[Spec]

    @property
    def hook(self) -> str:
        """Name of the registration hook."""
        return f"bakeoff_{self.plural}"


KINDS = (
    Kind("techniques", "technique", Technique),
    Kind("steps", "step", Step),
    Kind("datasets", "dataset", Dataset),
    Kind("tasks", "task", Task),
    Kind("metrics", "metric", Metric),
    Kind("suites", "suite", Suite),
    Kind("engines", "engine", Engine),
    Kind("reporters", "reporter", Reporter),
)

KIND_BY_PLURAL = {kind.plural: kind for kind in KINDS}
