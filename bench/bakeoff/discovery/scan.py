"""Read the entry points of the group `bakeoff` from installed metadata. Nothing is imported here.

A distribution that lies on sys.path twice counts once: the first copy, which is the one Python would import.
Unreadable metadata of a foreign distribution is passed over; a damaged entry of ours becomes a candidate with
a reason.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata

from bakeoff import __version__
from bakeoff.discovery.info import PluginInfo
from bakeoff.model.words import PluginState

GROUP = "bakeoff"
CORE = "core"
#: Built-ins come first, so that a stranger can never take a built-in's name.
HOME = "bakeoff"

_SAFE_ENTRY = re.compile(r"[A-Za-z_][\w.]*(:[A-Za-z_][\w.]*)?")
_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry point before anything of it was imported. `fault` says why it cannot be, or is empty."""

    info: PluginInfo
    fault: str = ""


def scan() -> list[Candidate]:
    """Every candidate, the core's own manifest first, then built-ins, then strangers by name.

    The order decides who keeps a contested name. Takes about 15 ms on 300 installed distributions.
    """
    found = [_core()]
    for distribution in _distributions():
        found += _candidates(distribution)
    return sorted(dict.fromkeys(found), key=_rank)


def normalised(name: str) -> str:
    """A distribution's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _core() -> Candidate:
    return Candidate(_info(CORE, "bakeoff.manifest", HOME, __version__))


def _distributions() -> Iterator[metadata.Distribution]:
    """Distributions with our group, once a name. The text is searched before anything is parsed: parsing the
    metadata of hundreds of distributions would take longer than the rest of the start."""
    seen: set[str] = set()
    for distribution in metadata.distributions():
        if not _mentions_us(distribution):
            continue
        name = _name(distribution)
        if normalised(name) in seen:
            continue
        seen.add(normalised(name))
        first = _first_on_path(name, distribution)
        if _mentions_us(first):
            yield first


def _mentions_us(distribution: metadata.Distribution) -> bool:
    try:
        return f"[{GROUP}]" in (distribution.read_text("entry_points.txt") or "")
    except (OSError, ValueError):  # ValueError: not UTF-8
        return False


def _first_on_path(name: str, found: metadata.Distribution) -> metadata.Distribution:
    with contextlib.suppress(metadata.PackageNotFoundError, ValueError):
        return metadata.distribution(name)
    return found


def _name(distribution: metadata.Distribution) -> str:
    """The distribution's name; half-removed ones have no METADATA, so their folder's name must do."""
    with contextlib.suppress(Exception):
        if name := distribution.metadata["Name"]:
            return str(name)
    folder = getattr(distribution, "_path", None)
    return str(getattr(folder, "stem", "unknown")).partition("-")[0]


def _version(distribution: metadata.Distribution) -> str:
    with contextlib.suppress(Exception):
        return str(distribution.metadata["Version"] or "")
    return ""


def _candidates(distribution: metadata.Distribution) -> list[Candidate]:
    name, version = _name(distribution), _version(distribution)
    try:
        entries = [e for e in distribution.entry_points if e.group == GROUP]
    except Exception as error:  # the parser of the standard library raises whatever it meets first
        text = f"its entry_points.txt cannot be parsed ({type(error).__name__})"
        return [Candidate(_info(name, "", name, version), text)]
    return [Candidate(_info(e.name, e.value, name, version), _fault(e)) for e in entries]


def _fault(entry: metadata.EntryPoint) -> str:
    if not _SAFE_NAME.fullmatch(entry.name):
        return f"the plugin name {entry.name!r} is not made of letters, digits, '-', '.' and '_'"
    if not _SAFE_ENTRY.fullmatch(entry.value):
        return f"the entry point's value {entry.value!r} does not name a module"
    return ""


def _info(name: str, module: str, distribution: str, version: str) -> PluginInfo:
    return PluginInfo(
        name=name, state=PluginState.FOUND, distribution=distribution, version=version, module=module
    )


def _rank(candidate: Candidate) -> tuple[bool, bool, str, str, str, str]:
    info = candidate.info
    home = normalised(info.distribution) == HOME
    core = home and info.module == "bakeoff.manifest"
    return (not core, not home, info.name, normalised(info.distribution), info.version, info.module)
