"""Is what a technique needs installed? Answered from metadata; the libraries are never imported here."""

from __future__ import annotations

from importlib import metadata

from bakeoff.model.specs import Spec


def missing_requirements(spec: Spec) -> tuple[str, ...]:
    """Distributions of `spec.requires` that are not installed; empty for specs that require nothing."""
    return tuple(name for name in getattr(spec, "requires", ()) if not _installed(name))


def install_line(spec: Spec) -> str:
    """The command that makes the spec available: its own `install`, else one made of `requires`."""
    if line := str(getattr(spec, "install", "")):
        return line
    return "pip install " + " ".join(missing_requirements(spec) or getattr(spec, "requires", ()))


def _installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True
