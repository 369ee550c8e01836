"""What discovery says about a plugin, and about one thing a plugin registered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from bakeoff.model.specs import Spec
from bakeoff.model.words import PluginState

S = TypeVar("S", bound=Spec)

#: States that somebody should look at; `disabled` was asked for, `found` is on its way.
TROUBLE = frozenset({PluginState.BROKEN, PluginState.INCOMPATIBLE, PluginState.SHADOWED})


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginInfo:
    """One entry point of the group `bakeoff`, and what became of it.

    module: the value of the entry point. reason: one line, empty when all is well.
    traceback: of the exception behind the reason, or empty. provides: kind (plural) -> number of items;
    `observers` and `resolvers` count hooks.
    """

    name: str
    state: PluginState
    distribution: str
    version: str
    module: str
    reason: str = ""
    traceback: str = ""
    provides: Mapping[str, int] = field(default_factory=dict, hash=False)

    @property
    def origin(self) -> str:
        """The plugin with its distribution and version, for messages."""
        return f"plugin {self.name!r} ({self.distribution} {self.version})".replace(" )", ")")


@dataclass(frozen=True, slots=True)
class Registered(Generic[S]):
    """A registered dataclass with the plugin it came from."""

    spec: S
    plugin: PluginInfo
