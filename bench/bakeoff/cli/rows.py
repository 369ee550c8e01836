"""One flat row of facts for each registered item: what `bakeoff list` shows and `--json` hands on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from bakeoff.discovery import Catalog, Registered, install_line, missing_requirements
from bakeoff.model.errors import BakeoffError
from bakeoff.model.specs import Dataset, Suite, Technique

Row = dict[str, Any]

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "techniques": ("name", "tasks", "available", "tags", "summary"),
    "steps": ("name", "tasks", "available", "summary"),
    "datasets": ("name", "task", "rows", "available", "summary", "licence"),
    "suites": ("name", "plugin", "question"),
    "tasks": ("name", "data", "primary", "metrics", "baselines", "title"),
    "metrics": ("name", "tasks", "direction", "needs", "summary"),
    "engines": ("name", "plugin", "summary"),
    "reporters": ("name", "plugin", "summary"),
}


def describe(kind: str, catalog: Catalog) -> list[Row]:
    """Rows of one kind, in the order of registration."""
    items: Mapping[str, Registered[Any]] = getattr(catalog, kind)
    return [_row(kind, item) for item in items.values()]


def cell(row: Row, column: str) -> str:
    """A value as people read it; what is not available shows the line that installs it."""
    value = row.get(column)
    if column == "available":
        return "yes" if value else str(row["install"])
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    if isinstance(value, int):
        return f"{value:,}"
    return "" if value is None else str(value)


def _row(kind: str, item: Registered[Any]) -> Row:
    """The spec's own fields, what is known beyond them, and where it comes from."""
    spec, plugin = item.spec, item.plugin
    row: Row = asdict(spec)
    if hasattr(spec, "requires"):
        missing = missing_requirements(spec)
        row |= {"available": not missing, "missing": list(missing)}
        row["install"] = install_line(spec) if missing else spec.install
    row |= _MORE.get(kind, _nothing)(spec)
    return row | {"plugin": plugin.name, "distribution": plugin.distribution, "version": plugin.version}


def _nothing(_: Any) -> Row:
    return {}


def _technique(spec: Technique) -> Row:
    return {"tasks": list(spec.implementations)}


def _dataset(spec: Dataset) -> Row:
    """Facts of the card. A card that cannot be read is said in its row; the listing goes on."""
    from bakeoff.model.card import parse_card
    from bakeoff.run.data.resources import read_resource

    try:
        card = parse_card(read_resource(spec.card).decode("utf-8"), spec.card)
    except (BakeoffError, UnicodeDecodeError) as error:
        return {"rows": None, "licence": "", "problem": str(error), "summary": f"unreadable card: {error}"}
    facts = {"rows": card.rows, "licence": card.licence, "target": card.target, "origin": card.origin}
    return facts | {"title": card.title, "source": card.source, "summary": spec.summary or card.title}


def _suite(spec: Suite) -> Row:
    """The suite's question and profiles. As with cards, a bad file is a row and no error."""
    import tomllib

    from bakeoff.run.data.resources import read_resource

    try:
        data = tomllib.loads(read_resource(spec.path).decode("utf-8"))
    except (BakeoffError, ValueError) as error:
        return {"question": f"unreadable suite file: {error}", "problem": str(error)}
    question = data.get("question")
    profiles = data.get("profiles")
    return {
        "question": question if isinstance(question, str) else spec.summary,
        "profiles": list(profiles) if isinstance(profiles, Mapping) else [],
    }


_MORE: Mapping[str, Callable[[Any], Row]] = {
    "techniques": _technique,
    "datasets": _dataset,
    "suites": _suite,
}
