"""Which plugins a user wants, decided on names alone, before anything of a plugin is imported.

One vocabulary for `--plugins`, `-p` and the environment variable BAKEOFF_PLUGINS: `NAME` means "only these",
`no:NAME` means "not this one". NAME is a plugin's name or, to settle a clash, its distribution's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bakeoff.discovery.info import PluginInfo
from bakeoff.discovery.scan import CORE, Candidate, normalised
from bakeoff.model.errors import BakeoffError, UnknownName
from bakeoff.model.words import PluginState

_FALSE = frozenset({"", "0", "false", "no", "off"})


@dataclass(frozen=True, slots=True)
class Selection:
    """The user's wish.

    only: load these alone; empty means all. deny: do not load these. none: load the core alone.
    strict: a broken plugin is an error; None: where the environment variable CI is set to a true value.
    """

    only: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    none: bool = False
    strict: bool | None = None

    @classmethod
    def parse(cls, words: Iterable[str], *, none: bool = False, strict: bool | None = None) -> Selection:
        """Read words such as `a,no:b`; BakeoffError for an empty name."""
        names = [word.strip() for text in words for word in text.split(",") if word.strip()]
        deny = tuple(word[3:] for word in names if word.startswith("no:"))
        if "" in deny:
            raise BakeoffError("'no:' names no plugin.", hint="Write for example '-p no:recsys'.")
        return cls(tuple(word for word in names if not word.startswith("no:")), deny, none, strict)

    def merged(self, later: Selection) -> Selection:
        """Both wishes; where they contradict each other, the later one counts."""
        deny = tuple(name for name in self.deny if name not in later.only) + later.deny
        return Selection(
            only=later.only or self.only,
            deny=tuple(dict.fromkeys(deny)),
            none=self.none or later.none,
            strict=self.strict if later.strict is None else later.strict,
        )

    def with_environment(self, environ: Mapping[str, str]) -> Selection:
        """Add BAKEOFF_PLUGINS, weaker than what was said on the command line, and settle `strict` by CI."""
        base = Selection() if self.none else Selection.parse([environ.get("BAKEOFF_PLUGINS", "")])
        strict = environ.get("CI", "").strip().lower() not in _FALSE
        return replace(base, strict=strict).merged(self)


def choose(candidates: Sequence[Candidate], wish: Selection) -> list[Candidate]:
    """Mark candidates as disabled, shadowed or (for a damaged entry) broken; the rest stays `found`.

    Raises UnknownName for a name that no candidate has: a misspelt `no:` would leave a plugin switched on.
    """
    if CORE in wish.deny:
        raise BakeoffError(
            "the plugin 'core' cannot be switched off.", hint="It holds the tasks and metrics."
        )
    if not wish.none:
        _check_names(candidates, wish)
    winners: dict[str, PluginInfo] = {}
    return [_decide(candidate, wish, winners) for candidate in candidates]


def _check_names(candidates: Sequence[Candidate], wish: Selection) -> None:
    known = {c.info.name for c in candidates} | {c.info.distribution for c in candidates}
    for name in (*wish.only, *wish.deny):
        if not any(_named(c.info, name) for c in candidates):
            raise UnknownName("plugin", name, known, where="--plugins, -p or BAKEOFF_PLUGINS")


def _named(info: PluginInfo, name: str) -> bool:
    return name == info.name or normalised(name) == normalised(info.distribution)


def _decide(candidate: Candidate, wish: Selection, winners: dict[str, PluginInfo]) -> Candidate:
    info = candidate.info
    reason = _why_disabled(info, wish)
    if reason:
        return replace(candidate, info=replace(info, state=PluginState.DISABLED, reason=reason))
    winner = winners.setdefault(info.name, info)
    if winner is not info:
        reason = (
            f"the name {info.name!r} is taken by {winner.origin}; this one is of {info.distribution} "
            f"{info.version}. Uninstall one, or use -p no:{winner.distribution}"
        )
        return replace(candidate, info=replace(info, state=PluginState.SHADOWED, reason=reason))
    if candidate.fault:
        return replace(candidate, info=replace(info, state=PluginState.BROKEN, reason=candidate.fault))
    return candidate


def _why_disabled(info: PluginInfo, wish: Selection) -> str:
    if info.name == CORE and info.module == "bakeoff.manifest":
        return ""
    if wish.none:
        return "--no-plugins"
    if any(_named(info, name) for name in wish.deny):
        return f"switched off by no:{info.name}"
    if wish.only and not any(_named(info, name) for name in wish.only):
        return "not among the plugins asked for"
    return ""
