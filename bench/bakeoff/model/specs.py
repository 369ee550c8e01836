"""What a plugin registers: one frozen dataclass a hook. Data only; nothing here imports an implementation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bakeoff.model.words import DataKind, Inputs

#: A parameter value: what JSON and TOML can hold.
Value = None | bool | int | float | str | list["Value"] | dict[str, "Value"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Technique:
    """One competitor.

    name: as users type it (`xgboost`); letters, digits, `-`, `.`, `_`.
    implementations: task name -> "module:attribute" of a class or function that, called with `params` as
        keywords, returns a learner. It is imported only in a worker.
    inputs: what a table learner's `fit` and `predict` receive (recommenders ignore it).
    seed_param: the keyword that takes the cell's integer seed; None if there is nothing to seed.
    requires: distributions which must be installed, beyond the core's own; a missing one makes the technique
        `unavailable`, shown with `install`. Their versions are part of a cell's key.
    libraries: further distributions whose version changes the result (part of the key).
    deterministic: the same seed gives the same predictions on one thread.
    deep: trained by gradient descent on a network (overfit checks apply).
    uses_weights: a recommender reads the values of the interaction matrix, not only where they are.
    cost: rough seconds to fit and predict 1,000 rows x 10 columns (tables) or 10,000 interactions on one core;
        only for the estimate before a run, until records know better.
    source: paper or documentation that defines the method and its defaults.
    """

    name: str
    implementations: Mapping[str, str]
    summary: str = ""
    params: Mapping[str, Value] = field(default_factory=dict)
    inputs: Inputs = Inputs.MATRIX
    seed_param: str | None = "random_state"
    requires: tuple[str, ...] = ()
    install: str = ""
    libraries: tuple[str, ...] = ()
    deterministic: bool = True
    deep: bool = False
    uses_weights: bool = False
    cost: float | None = None
    tags: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A link in front of a technique, fitted on the training part only.

    implementation: "module:attribute"; the object has `fit_resample(X, y) -> X, y` (a sampler, applied to the
    training part alone) or `fit(X, y)` and `transform(X)`. X is what `inputs` says.
    """

    name: str
    implementation: str
    tasks: tuple[str, ...]
    summary: str = ""
    params: Mapping[str, Value] = field(default_factory=dict)
    inputs: Inputs = Inputs.FRAME
    seed_param: str | None = None
    requires: tuple[str, ...] = ()
    install: str = ""
    libraries: tuple[str, ...] = ()
    deterministic: bool = True
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A dataset: a card and, unless the card names a shipped file, a loader.

    card: "package:path/to/card.toml", a resource of the plugin's package.
    loader: "module:function", called in the harness's data process as `function(request)` with a
        `LoadRequest`; returns a pandas DataFrame with the columns the card names (target included).
        None: the file named by the card is read.
    """

    name: str
    task: str
    card: str
    loader: str | None = None
    summary: str = ""
    requires: tuple[str, ...] = ()
    install: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One number about predictions.

    implementation: "module:function".
    direction: "max" or "min".
    needs: "response", "proba" or "topk".
    best, worst: the ends of its range where they are finite, else None.
    """

    name: str
    tasks: tuple[str, ...]
    implementation: str
    direction: str
    needs: str
    summary: str = ""
    best: float | None = None
    worst: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A kind of problem: data contract, split policies, metrics, compulsory baselines.

    implementation: "module:attribute" of an object with the `TaskRules` interface.
    metrics: names, in the order tables show them; `primary` is one of them.
    policies: names of the core's split policies that are legal here; `default_policy` is one of them.
    baselines: techniques that must stand beside every published row of this task.
    """

    name: str
    title: str
    data: DataKind
    implementation: str
    metrics: tuple[str, ...]
    primary: str
    policies: tuple[str, ...]
    default_policy: str
    baselines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A suite file: `path` is "package:path/to/suite.toml", a resource of the plugin's package."""

    name: str
    path: str
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """Where cells are run: "module:attribute" of a factory for the `Engine` interface."""

    name: str
    implementation: str
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """How a leaderboard is written: "module:function" taking `(leaderboards, options)`, returning text."""

    name: str
    implementation: str
    summary: str = ""


#: Anything a registration hook may return.
Spec = Technique | Step | Dataset | Metric | Task | Suite | Engine | Reporter
