"""What is there to compare: everything that active plugins registered, by kind and name, and their observers.

The catalogue is a value made once by `discover`. It knows which plugins are not active, so that an unknown name can
say where it may have gone.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pluggy

from bakeoff.discovery.check import check_reference
from bakeoff.discovery.hooks import call, implements
from bakeoff.discovery.info import TROUBLE, PluginInfo, Registered
from bakeoff.discovery.kinds import KIND_BY_PLURAL
from bakeoff.discovery.load import Rejected
from bakeoff.model.errors import BakeoffError, DatasetError, UnknownName
from bakeoff.model.specs import Dataset, Engine, Metric, Reporter, Step, Suite, Task, Technique
from bakeoff.model.words import PluginState

_RESOLVE = "bakeoff_resolve_dataset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """plugins: all that were found, in the order in which they were loaded. The mappings hold items of active
    plugins in the order of registration. managers: the hooks of each active plugin."""

    plugins: tuple[PluginInfo, ...] = ()
    techniques: Mapping[str, Registered[Technique]] = field(default_factory=dict)
    steps: Mapping[str, Registered[Step]] = field(default_factory=dict)
    datasets: Mapping[str, Registered[Dataset]] = field(default_factory=dict)
    tasks: Mapping[str, Registered[Task]] = field(default_factory=dict)
    metrics: Mapping[str, Registered[Metric]] = field(default_factory=dict)
    suites: Mapping[str, Registered[Suite]] = field(default_factory=dict)
    engines: Mapping[str, Registered[Engine]] = field(default_factory=dict)
    reporters: Mapping[str, Registered[Reporter]] = field(default_factory=dict)
    managers: tuple[tuple[PluginInfo, pluggy.PluginManager], ...] = field(default=(), repr=False)
    _silenced: set[tuple[str, str]] = field(default_factory=set, init=False, repr=False, compare=False)

    def find(self, kind: str, name: str, where: str = "") -> Registered[Any]:
        """The item of that name; `kind` is the plural (`techniques`), `where` a place for the message.

        Raises UnknownName with the nearest names, and with the plugins that are not active and may hold it.
        """
        items: Mapping[str, Registered[Any]] = getattr(self, KIND_BY_PLURAL[kind].plural)
        if name in items:
            return items[name]
        error = UnknownName(KIND_BY_PLURAL[kind].singular, name, items, where=where)
        error.hint = f"{error.hint} {self._absent()}".strip()
        raise error

    def _absent(self) -> str:
        """Plugins whose items are not there, worst first."""
        bad = [p for p in self.plugins if p.state in TROUBLE]
        off = [p for p in self.plugins if p.state is PluginState.DISABLED]
        if not bad and not off:
            return ""
        names = ", ".join(f"{p.name} ({p.state})" for p in (*bad, *off))
        look = f"see `bakeoff plugins --why {bad[0].name}`" if bad else "see `bakeoff plugins`"
        return f"Not active, and may hold it: {names}; {look}."

    def resolve_dataset(self, ref: str) -> Registered[Dataset] | None:
        """Ask plugins to open a reference such as `openml:31`; the first that answers wins.

        One that raises does not keep the others from answering; if nobody else does, its error is raised, as a
        DatasetError unless it is a BakeoffError already.
        """
        fault: BakeoffError | None = None
        for info, manager in self.managers:
            if not implements(manager, _RESOLVE):
                continue
            try:
                answer = call(manager, _RESOLVE, ref=ref)
                if answer is not None:
                    return Registered(check_reference(KIND_BY_PLURAL["datasets"], answer, _RESOLVE), info)
            except Rejected as error:
                cause = error.__cause__
                own = cause if isinstance(cause, BakeoffError) else None
                fault = fault or own or DatasetError(f"cannot open {ref!r}: {info.origin}: {error.reason}.")
        if fault:
            raise fault
        return None

    def notify(self, hook: str, **facts: Any) -> None:
        """Tell observers. Each gets its own copy, and cannot stop the run or another observer; one that raises
        is named on standard error, once."""
        for info, manager in self.managers:
            if not implements(manager, hook):
                continue
            try:
                call(manager, hook, **copy.deepcopy(facts))
            except Rejected as error:
                if (info.name, hook) not in self._silenced:
                    self._silenced.add((info.name, hook))
                    print(f"Warning: {info.origin}: {error.reason}", file=sys.stderr)
