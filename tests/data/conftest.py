"""Files of one's own and little plugins with datasets, made for one test."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bakeoff.discovery import Catalog, load_catalog
from bakeoff.model.specs import Dataset
from bakeoff.run.data.open import OwnData, open_dataset
from bakeoff.run.data.types import Data, TableData


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture
def own_table(tmp_path: Path, catalog: Catalog) -> Callable[..., TableData]:
    """Write CSV text (or bytes) to a file and open it as the user's own: `own_table("a,y\\n1,2\\n", "y")`."""

    def make(content: str | bytes, target: str, name: str = "my.csv", **roles: Any) -> TableData:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        data = open_dataset(str(path), catalog, OwnData(target, **roles))
        assert isinstance(data, TableData)
        return data

    return make


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Data]]:
    """Open a dataset of a throw-away package: `plugin(files, task=..., loader=...)`.

    `files` maps paths in the package to text or bytes; the card is `card.toml`.
    """
    package = "lab_of_one_test"
    folder = tmp_path / package
    folder.mkdir()
    monkeypatch.syspath_prepend(tmp_path)

    def make(
        files: Mapping[str, str | bytes], *, name: str = "lab", loader: str | None = None, **spec: Any
    ) -> Data:
        for path, content in {"__init__.py": "", **files}.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)
        importlib.invalidate_caches()
        where = f"{package}.{loader}" if loader else None
        spec = {"task": "classification", "card": f"{package}:card.toml"} | spec
        dataset = Dataset(name=name, loader=where, **spec)
        info = SimpleNamespace(name="lab", distribution="lab-package", version="1.2")
        datasets = {name: SimpleNamespace(spec=dataset, plugin=info)}
        return open_dataset(name, SimpleNamespace(datasets=datasets), cache=tmp_path / "cache")  # type: ignore[arg-type]

    yield make
    for module in [module for module in sys.modules if module.startswith(package)]:
        del sys.modules[module]
