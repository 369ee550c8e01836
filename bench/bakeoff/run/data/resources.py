"""Where a plugin's data lies: resources of its package, and the user's cache. Finds and checks bytes; does not
read tables.

A resource is written `package:path/within/it`.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
from importlib.resources import files
from pathlib import Path

from bakeoff.model.errors import DatasetError


def read_resource(where: str) -> bytes:
    """Return the bytes of `package:path`. DatasetError if the package does not hold it."""
    package, _, path = where.partition(":")
    try:
        return files(package).joinpath(path).read_bytes()
    except (OSError, ImportError, ValueError, TypeError) as error:
        hint = f"The package {package} is not whole: install it again."
        raise DatasetError(f"cannot read {where}: {error}.", hint=hint) from error


def beside(card: str, file: str) -> str:
    """The resource `file`, named relative to the resource `card`."""
    package, _, path = card.partition(":")
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), file))
    if joined.startswith(("..", "/")):
        raise DatasetError(f"the card {card} names the file {file!r}, which lies outside its package.")
    return f"{package}:{joined}"


def check_sha256(data: bytes, expected: str | None, where: str) -> None:
    """Refuse bytes whose SHA-256 is not the expected one (None: nothing is expected)."""
    if expected is None:
        return
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        raise DatasetError(
            f"{where} is damaged: its SHA-256 is {found[:12]}... and its card says {expected[:12]}...",
            hint="Install the package that ships it again.",
        )


def cache_folder(plugin: str, cache: Path | None = None) -> Path:
    """Make and return the folder in which a plugin's datasets may keep what they fetched.

    It lies in `cache`, else in `$BAKEOFF_CACHE`, else in the user's cache of this platform.
    """
    folder = (cache or _default_cache()) / "datasets" / plugin
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        hint = "Set BAKEOFF_CACHE to a folder that can be written."
        raise DatasetError(f"the cache {folder} cannot be made: {error}.", hint=hint) from error
    if not os.access(folder, os.W_OK):
        hint = "Set BAKEOFF_CACHE to a folder that can be written."
        raise DatasetError(f"the cache {folder} cannot be written.", hint=hint)
    return folder


def _default_cache() -> Path:
    chosen = os.environ.get("BAKEOFF_CACHE")
    if chosen:
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("bakeoff")
