"""From installed metadata to a catalogue: the order of discovery, and who is told about broken plugins."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import pluggy

from bakeoff.discovery import hooks
from bakeoff.discovery.catalog import Catalog
from bakeoff.discovery.check import check_items
from bakeoff.discovery.info import TROUBLE, PluginInfo, Registered
from bakeoff.discovery.kinds import KINDS, Kind
from bakeoff.discovery.load import Rejected, guarded, load_manifest
from bakeoff.discovery.scan import scan
from bakeoff.discovery.selection import Selection, choose
from bakeoff.model.errors import PluginError
from bakeoff.model.specs import Spec
from bakeoff.model.words import PluginState

_OBSERVERS = ("bakeoff_run_started", "bakeoff_cell_finished", "bakeoff_run_finished")


def load_catalog(selection: Selection = Selection()) -> Catalog:  # noqa: B008 - frozen, so safe to share
    """Discover plugins and say on standard error what is wrong with some of them, one line each.

    Raises PluginError when they are wrong under `strict` or were asked for by name, UnknownName for a selected
    plugin that is not installed.
    """
    catalog = discover(selection)
    insist(catalog, selection)
    _warn(catalog)
    return catalog


def discover(selection: Selection = Selection()) -> Catalog:  # noqa: B008 - frozen, so safe to share
    """The catalogue, silently: states and reasons stand in its `plugins`."""
    wish = selection.with_environment(os.environ)
    books = _Books()
    for candidate in choose(scan(), wish):
        info = candidate.info
        if info.state is PluginState.FOUND:
            info = _load(info, books)
        books.plugins.append(info)
    return books.close()


def insist(catalog: Catalog, selection: Selection) -> None:
    """Raise PluginError for all plugins in trouble that may not be passed over: under `strict`, or asked for."""
    wish = selection.with_environment(os.environ)
    fatal = [p for p in catalog.plugins if p.state in TROUBLE and (wish.strict or p.name in wish.only)]
    if fatal:
        text = "; ".join(f"{p.origin} is {p.state}: {p.reason}" for p in fatal)
        raise PluginError(f"{text}.", hint=_way_out(fatal, strict=bool(wish.strict)))


def _warn(catalog: Catalog) -> None:
    for info in catalog.plugins:
        if info.state in TROUBLE:
            look = f"`bakeoff plugins --why {info.name}` shows more"
            print(f"Warning: {info.origin} is {info.state}: {info.reason}; {look}", file=sys.stderr)


def _way_out(bad: Iterable[PluginInfo], *, strict: bool) -> str:
    names = " ".join(dict.fromkeys(f"-p no:{p.name}" for p in bad))
    return f"Leave out what you do not need with {names}" + (
        ", or use --no-strict-plugins." if strict else "."
    )


@dataclass(slots=True)
class _Books:
    """What has been registered so far; an item goes in only with all the others of its plugin."""

    plugins: list[PluginInfo] = field(default_factory=list)
    items: dict[str, dict[str, Registered[Any]]] = field(
        default_factory=lambda: {k.plural: {} for k in KINDS}
    )
    managers: list[tuple[PluginInfo, pluggy.PluginManager]] = field(default_factory=list)

    def close(self) -> Catalog:
        return Catalog(plugins=tuple(self.plugins), managers=tuple(self.managers), **self.items)


def _load(info: PluginInfo, books: _Books) -> PluginInfo:
    """Load one plugin: either all that it registers goes into the books, or nothing."""
    try:
        manager = hooks.connect(info.name, load_manifest(info.module))
        found = {kind: _answers(kind, manager) for kind in KINDS}
        for kind, specs in found.items():
            _refuse_clashes(info, kind, specs, books)
    except Rejected as error:
        return replace(info, state=error.state, reason=error.reason, traceback=error.trace)
    provides = {kind.plural: len(specs) for kind, specs in found.items() if specs} | _watchers(manager)
    active = replace(info, state=PluginState.ACTIVE, provides=provides)
    for kind, specs in found.items():
        books.items[kind.plural] |= {spec.name: Registered(spec, active) for spec in specs}
    books.managers.append((active, manager))
    return active


def _answers(kind: Kind, manager: pluggy.PluginManager) -> tuple[Spec, ...]:
    """The items of one kind. Generators run here, so that what they raise is caught as the hook's own."""
    answer = hooks.call(manager, kind.hook)
    return guarded(f"reading what {kind.hook} returned", lambda: check_items(kind, answer))


def _refuse_clashes(info: PluginInfo, kind: Kind, specs: Iterable[Spec], books: _Books) -> None:
    for spec in specs:
        if other := books.items[kind.plural].get(spec.name):
            raise Rejected(
                f"the {kind.singular} {spec.name!r} of {info.distribution} {info.version} is registered already by "
                f"{other.plugin.origin}; rename it, or use -p no:{other.plugin.name}"
            )


def _watchers(manager: pluggy.PluginManager) -> dict[str, int]:
    observers = sum(hooks.implements(manager, hook) for hook in _OBSERVERS)
    resolvers = int(hooks.implements(manager, "bakeoff_resolve_dataset"))
    return {name: n for name, n in (("observers", observers), ("resolvers", resolvers)) if n}
