"""Results folders read once and as a whole, for leaderboards: nobody is waited for.

Merges any number of folders, from any machine. Does not rank or summarise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bakeoff.model.errors import StoreError
from bakeoff.model.header import Header
from bakeoff.model.record import Record
from bakeoff.store.index import StoreIndex, supersedes
from bakeoff.store.layout import SEGMENTS


@dataclass(frozen=True, slots=True)
class Results:
    """What the folders hold: one record a suite and key, every segment's header, and what could not be read."""

    records: tuple[Record, ...]
    headers: tuple[Header, ...]
    problems: tuple[str, ...] = ()


def read_results(folders: Sequence[Path]) -> Results:
    """Read results folders as if they were one.

    A cell that several suites plan is run once, and its record stands in the results of each.
    StoreError for a folder that is not there or has no segments, and where no folder has a record that can be
    read. Damage beyond that is told in `problems`, and costs only what is damaged.
    """
    latest: dict[str, Record] = {}
    headers: list[Header] = []
    problems: list[str] = []
    for folder in folders:
        index = _read(Path(folder))
        headers += index.headers
        problems += index.problems
        for key, record in index.latest.items():
            if key not in latest or supersedes(record, latest[key]):
                latest[key] = record
    if not latest:
        raise _none(folders, problems)
    return Results(tuple(_for_each_suite(latest, headers)), tuple(headers), tuple(dict.fromkeys(problems)))


def _read(folder: Path) -> StoreIndex:
    if not folder.is_dir():
        what = "is a file, not a results folder" if folder.exists() else "does not exist"
        raise StoreError(f"no records: {str(folder)!r} {what}.", hint=_hint(folder))
    index = StoreIndex(folder)
    index.refresh(final=True)
    if not index.segments:
        told = f" ({index.problems[0]})" if index.problems else ""
        raise StoreError(
            f"no records in {str(folder)!r}: it has no {SEGMENTS}/*.jsonl{told}.", hint=_hint(folder)
        )
    return index


def _for_each_suite(latest: Mapping[str, Record], headers: Sequence[Header]) -> Iterator[Record]:
    planned: dict[str, set[str]] = {}
    for header in headers:
        name = header.suite.get("name", "")
        for cell in header.grid.get("cells", ()):
            if isinstance(key := cell.get("key"), str):
                planned.setdefault(key, set()).add(name)
    for key, record in latest.items():
        yield record
        for name in sorted(planned.get(key, set()) - {record.suite, ""}):
            yield replace(record, suite=name)


def _hint(folder: Path) -> str:
    if folder.name == SEGMENTS or folder.parent.name == SEGMENTS:
        home = folder.parent if folder.name == SEGMENTS else folder.parent.parent
        return f"The results folder is {str(home)!r}."
    return "`bakeoff run` makes records; --results names the folder."


def _none(folders: Sequence[Path], problems: Sequence[str]) -> StoreError:
    names = ", ".join(repr(str(f)) for f in folders)
    told = f" First of {len(problems)} problems: {problems[0]}." if problems else ""
    return StoreError(
        f"no records in {names}: nothing has been finished there yet.{told}",
        hint="`bakeoff run` with the same --results goes on.",
    )
