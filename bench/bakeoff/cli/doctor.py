"""`bakeoff doctor`: is this installation well? Read-only, but for a file that is made and removed at once."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

import click

from bakeoff.cli.options import default_results, plugin_options
from bakeoff.cli.plugins import unavailable
from bakeoff.cli.tables import show_json, show_table
from bakeoff.discovery import Catalog, Selection, discover
from bakeoff.discovery.info import TROUBLE
from bakeoff.discovery.scan import HOME

#: Below this many free bytes a run may not finish writing.
LOW_DISK = 1 << 30
_GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. state: `ok`, `note` (worth knowing, nothing wrong) or `problem`."""

    what: str
    state: str
    detail: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The findings, for machines.")
@plugin_options
@click.pass_context
def doctor(ctx: click.Context, as_json: bool, selection: Selection) -> None:
    """Check this installation: Python, libraries, plugins, folders.

    Ends with 1 if something is not well. A technique whose extra is not installed is a note, no problem.
    """
    found = list(examine(discover(selection)))
    if as_json:
        show_json([asdict(finding) for finding in found])
    else:
        show_table(("what", "state", "detail"), [(f.what, f.state, f.detail) for f in found])
    if any(finding.state == "problem" for finding in found):
        ctx.exit(1)


def examine(catalog: Catalog) -> Iterator[Finding]:
    """Every finding, from the machine up to single techniques."""
    yield from _machine()
    yield from _libraries()
    yield from _plugins(catalog)
    yield from _unknown_tasks(catalog)
    for name, line in unavailable(catalog).items():
        yield Finding(f"{name}", "note", f"unavailable: {line}")
    yield from _folder("cache", _cache(), "BAKEOFF_CACHE")
    yield from _folder("results", default_results(), "BAKEOFF_RESULTS")


def _machine() -> Iterator[Finding]:
    import psutil

    memory = psutil.virtual_memory()
    yield Finding("python", "ok", f"{platform.python_version()} ({sys.executable})")
    yield Finding("platform", "ok", platform.platform())
    yield Finding("cpus", "ok", f"{_usable_cpus()} usable of {os.cpu_count()}")
    yield Finding("memory", "ok", f"{memory.available / _GIB:.1f} GiB free of {memory.total / _GIB:.1f} GiB")


def _usable_cpus() -> int:
    """CPUs this process may run on, which a container or `taskset` may have limited."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _libraries() -> Iterator[Finding]:
    """The core's own requirements as its metadata state them, and the optional ones that are there."""
    try:
        wanted = metadata.requires(HOME) or []
    except metadata.PackageNotFoundError:
        yield Finding(HOME, "problem", "not installed as a distribution: pip install bakeoff")
        return
    yield Finding(HOME, "ok", metadata.version(HOME))
    core = [_requirement(line) for line in wanted if ";" not in line]
    extras = [line for line in wanted if ";" in line and "dev" not in line.partition(";")[2]]
    optional = {_requirement(line) for line in extras} - {HOME}
    yield from (_library(name, needed=True) for name in core)
    yield from (f for f in (_library(name, needed=False) for name in sorted(optional)) if f.state == "ok")


def _requirement(line: str) -> str:
    """The name in a line such as `click>=8.1.7` or `xgboost>=2.1; extra == "tabular"`."""
    for index, letter in enumerate(line):
        if not (letter.isalnum() or letter in "-_."):
            return line[:index]
    return line


def _library(name: str, *, needed: bool) -> Finding:
    try:
        return Finding(name, "ok", metadata.version(name))
    except metadata.PackageNotFoundError:
        return Finding(name, "problem" if needed else "note", f"missing: pip install {name}")


def _plugins(catalog: Catalog) -> Iterator[Finding]:
    for info in catalog.plugins:
        state = "problem" if info.state in TROUBLE else "ok"
        detail = f"{info.state}, {info.distribution} {info.version}"
        yield Finding(f"plugin {info.name}", state, f"{detail}: {info.reason}" if info.reason else detail)


def _unknown_tasks(catalog: Catalog) -> Iterator[Finding]:
    """Items for a task that nobody registered would never be run, and nothing else would say so."""
    named: list[tuple[str, str, Iterable[str]]] = [
        *(("technique", t.spec.name, t.spec.implementations) for t in catalog.techniques.values()),
        *(("step", s.spec.name, s.spec.tasks) for s in catalog.steps.values()),
        *(("metric", m.spec.name, m.spec.tasks) for m in catalog.metrics.values()),
        *(("dataset", d.spec.name, (d.spec.task,)) for d in catalog.datasets.values()),
    ]
    for kind, name, tasks in named:
        for task in sorted(set(tasks) - set(catalog.tasks)):
            yield Finding(
                f"{kind} {name}", "problem", f"is for the task {task!r}, which no active plugin has"
            )


def _cache() -> Path:
    from platformdirs import user_cache_path

    return Path(os.environ.get("BAKEOFF_CACHE") or user_cache_path("bakeoff"))


def _folder(what: str, folder: Path, variable: str) -> Iterator[Finding]:
    """Can the folder be written, or made; and is there room? What does not exist is judged by its parent."""
    there = _nearest(folder)
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
        free = shutil.disk_usage(there).free
    except OSError as error:
        detail = f"{folder} cannot be written ({error.strerror}): set {variable} to another folder"
        yield Finding(f"{what} folder", "problem", detail)
        return
    yield Finding(f"{what} folder", "ok", f"{folder}{'' if there == folder else ' (will be made)'}")
    state = "problem" if free < LOW_DISK else "ok"
    yield Finding(f"{what} disk", state, f"{free / _GIB:.1f} GiB free")


def _nearest(folder: Path) -> Path:
    """The folder or its nearest ancestor that exists."""
    return next((p for p in (folder, *folder.absolute().parents) if p.exists()), folder)
