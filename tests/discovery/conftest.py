"""Distributions made by hand, in a folder that stands alone on the path: nothing installed here takes part."""

from __future__ import annotations

import importlib
import itertools
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

HEAD = "from bakeoff.api import *\nfrom bakeoff.api import hookimpl\nBAKEOFF_API = 1\n"
_numbers = itertools.count()


@dataclass
class Site:
    """A folder of installed distributions."""

    folder: Path
    modules: list[str] = field(default_factory=list)

    def plugin(
        self,
        name: str,
        body: str = "",
        *,
        distribution: str = "",
        version: str = "1.0",
        head: str = HEAD,
        folder: Path | None = None,
    ) -> str:
        """Install a distribution with one plugin whose manifest is `head + body`; return the module's name.

        Every module gets a name of its own, so that no test meets another's module.
        """
        module = f"manifest_{next(_numbers)}"
        where = folder or self.folder
        (where / f"{module}.py").write_text(head + body, encoding="utf-8")
        self.entry(distribution or f"dist-{name}", f"[bakeoff]\n{name} = {module}\n", version, folder=where)
        self.modules.append(module)
        return module

    def entry(
        self, distribution: str, text: str, version: str = "1.0", *, folder: Path | None = None
    ) -> Path:
        """Install a distribution's metadata alone; `text` is its entry_points.txt."""
        info = (folder or self.folder) / f"{distribution.replace('-', '_')}-{version}.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(text, encoding="utf-8")
        importlib.invalidate_caches()
        return info

    @staticmethod
    def technique(*names: str) -> str:
        """A hook that registers techniques."""
        made = ", ".join(
            f"Technique(name={n!r}, implementations={{'classification': 'a.b:C'}})" for n in names
        )
        return f"@hookimpl\ndef bakeoff_techniques():\n    return [{made}]\n"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.setattr(sys, "path", [str(folder), *(p for p in sys.path if "site-packages" not in p)])
    made = Site(folder)
    yield made
    for module in made.modules:
        sys.modules.pop(module, None)
