"""From the caller's words to suites: registered names and files, `--dataset` and `--technique` over them, or, with
no suite named, a suite made of just those two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from bakeoff.discovery import Catalog
from bakeoff.metrics.names import refuse_sampled
from bakeoff.model.errors import BakeoffError, SuiteError
from bakeoff.run.chain import parse_chain
from bakeoff.run.data.open import OwnData, is_file, open_dataset
from bakeoff.run.data.types import Data
from bakeoff.run.suites import Board, SuiteConfig, load_suite, override, parse_suite
from bakeoff.run.tasks.base import Policy

#: The name of a suite that was made on the command line.
ADHOC = "adhoc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the caller said about which cells there are; None or empty where nothing was said."""

    suites: tuple[str, ...] = ()
    profile: str | None = None
    techniques: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    own: OwnData | None = None
    folds: int | None = None
    repeats: int | None = None
    seed: int | None = None
    metric: str | None = None
    split: str | None = None
    timeout: float | None = None
    memory: int | None = None
    budget: float | None = None


def compose(
    words: Words, catalog: Catalog, cache: Path | None = None
) -> tuple[tuple[SuiteConfig, ...], dict[str, Data]]:
    """The suites to run and the user's own data, opened (BakeoffError where the words do not fit together)."""
    own = _open_own(words, catalog, cache)
    tasks = {name: _task_of(name, own, catalog) for name in words.datasets}
    if words.suites:
        configs = [find_suite(name, catalog, words.profile) for name in words.suites]
        configs = [_narrow(c, words, tasks, catalog) for c in configs]
    else:
        configs = [_adhoc(words, tasks, catalog)]
    limits = {k: getattr(words, k) for k in ("seed", "timeout", "memory", "budget")}
    spread = {"folds": words.folds, "repeats": words.repeats}
    settled = (_with_metric(_with_split(c, words.split), words.metric, catalog) for c in configs)
    return tuple(override(c, boards=spread, limits=limits) for c in settled), own


def find_suite(name: str, catalog: Catalog, profile: str | None = None) -> SuiteConfig:
    """A suite by registered name or by path."""
    if name.endswith(".toml") or "/" in name or "\\" in name:
        return load_suite(Path(name).expanduser(), profile)
    spec = catalog.find("suites", name).spec
    package, _, resource = spec.path.partition(":")
    try:
        text = files(package).joinpath(resource).read_text(encoding="utf-8")
    except (OSError, ModuleNotFoundError, UnicodeDecodeError) as error:
        raise SuiteError(f"suite {name!r}: its file {spec.path} cannot be read: {error}.") from error
    return parse_suite(text, spec.path, profile)


def _open_own(words: Words, catalog: Catalog, cache: Path | None) -> dict[str, Data]:
    paths = [name for name in words.datasets if name not in catalog.datasets and is_file(name)]
    if words.own is not None and not paths:
        raise BakeoffError(
            "--target, --positive, --drop, --groups and --time describe a file of yours, and none is named.",
            hint="Add --dataset ./my.csv, or leave them out: registered datasets have cards.",
        )
    if paths and words.own is None:
        raise BakeoffError(f"which column of {paths[0]} is to be predicted?", hint="Add --target COLUMN.")
    return {path: open_dataset(path, catalog, words.own, cache) for path in paths}


def _task_of(name: str, own: Mapping[str, Data], catalog: Catalog) -> str:
    if name in own:
        return own[name].task
    resolved = catalog.resolve_dataset(name) if ":" in name else None
    return str((resolved or catalog.find("datasets", name)).spec.task)


def _narrow(config: SuiteConfig, words: Words, tasks: Mapping[str, str], catalog: Catalog) -> SuiteConfig:
    """Replace a suite's datasets and techniques by the ones named; boards of other tasks are left out."""
    boards: Sequence[Board] = config.boards
    if tasks:
        kept = [b for b in boards if b.task in tasks.values()]
        boards = [replace(b, datasets=tuple(n for n, t in tasks.items() if t == b.task)) for b in kept]
        lost = {n: t for n, t in tasks.items() if t not in {b.task for b in boards}}
        if lost:
            name, task = next(iter(lost.items()))
            offered = ", ".join(sorted({b.task for b in config.boards}))
            raise BakeoffError(
                f"suite {config.name!r} has no board for {task}, which {name!r} is.",
                hint=f"It has {offered}.",
            )
    if words.techniques:
        boards = _with_techniques(boards, words.techniques, catalog)
    return replace(config, boards=tuple(boards))


def _with_techniques(boards: Sequence[Board], techniques: tuple[str, ...], catalog: Catalog) -> list[Board]:
    """Each board of several takes the techniques that do its task, and goes where there are none. Where no board
    does one of them, every board gets all, so that the misfit is an error."""
    taken = {b.id: tuple(t for t in techniques if _does(t, b.task, catalog)) for b in boards}
    if set(techniques) - {t for names in taken.values() for t in names}:
        taken = {b.id: techniques for b in boards}
    return [replace(b, techniques=taken[b.id], baselines=False) for b in boards if taken[b.id]]


def _adhoc(words: Words, tasks: Mapping[str, str], catalog: Catalog) -> SuiteConfig:
    if not words.techniques or not words.datasets:
        hint = "Try `bakeoff run quick`, `bakeoff list suites`, or give --technique and --dataset."
        raise BakeoffError("nothing to run: no suite, and not both --technique and --dataset.", hint=hint)
    for text in words.techniques:
        parse_chain(text)
    boards = [
        Board(
            id=task,
            task=task,
            datasets=tuple(n for n, t in tasks.items() if t == task),
            techniques=_fitting(words.techniques, task, tasks, catalog),
            baselines=False,
        )
        for task in dict.fromkeys(tasks.values())
    ]
    return SuiteConfig(name=ADHOC, boards=tuple(boards))


def _fitting(
    techniques: tuple[str, ...], task: str, tasks: Mapping[str, str], catalog: Catalog
) -> tuple[str, ...]:
    """With datasets of several tasks each board takes the techniques that do its task; with one it takes all, so
    that a misfit is an error."""
    if len(set(tasks.values())) == 1:
        return techniques
    found = tuple(t for t in techniques if _does(t, task, catalog))
    if not found:
        raise BakeoffError(f"none of the techniques named does {task}.")
    return found


def _does(text: str, task: str, catalog: Catalog) -> bool:
    registered = catalog.techniques.get(parse_chain(text)[-1].name)
    return registered is None or task in registered.spec.implementations


def _with_metric(config: SuiteConfig, metric: str | None, catalog: Catalog) -> SuiteConfig:
    """Rank by `metric` the boards whose task has it; all of them where none has, so that it is an error."""
    if metric is None:
        return config
    refuse_sampled([metric])
    tasks = catalog.find("metrics", metric).spec.tasks
    mine = [b.task in tasks for b in config.boards]
    take = mine if any(mine) else [True] * len(mine)
    boards = tuple(replace(b, metric=metric) if t else b for b, t in zip(config.boards, take, strict=True))
    return replace(config, boards=boards)


def _with_split(config: SuiteConfig, split: str | None) -> SuiteConfig:
    if split is None:
        return config
    link = parse_chain(split)[0]
    policy = Policy(link.name, dict(link.params))
    return replace(config, boards=tuple(replace(b, policy=policy) for b in config.boards))
