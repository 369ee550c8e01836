"""One door to all data: a registered name, a file of the user's, or a reference that a plugin can open.

Reads the card, gets the raw rows (shipped file or loader), checks them and hands on `Data`. Which columns mean
what is decided in `roles` and `interactions`.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from bakeoff.api import LoadRequest
from bakeoff.discovery import install_line, missing_requirements
from bakeoff.model.card import Card, parse_card
from bakeoff.model.errors import BakeoffError, DatasetError
from bakeoff.model.specs import Dataset
from bakeoff.run.data.interactions import build_interactions
from bakeoff.run.data.own import SUFFIXES, OwnData, missing_file, open_own
from bakeoff.run.data.read import read_csv, unzipped
from bakeoff.run.data.resources import beside, cache_folder, check_sha256, read_resource
from bakeoff.run.data.roles import build_table
from bakeoff.run.data.types import Data

if TYPE_CHECKING:
    from bakeoff.discovery import Catalog, PluginInfo, Registered

__all__ = ["OwnData", "is_file", "open_dataset"]

#: `openml:31`, `hf:owner/name`: two letters at least, since one is a drive of Windows.
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


def open_dataset(ref: str, catalog: Catalog, own: OwnData | None = None, cache: Path | None = None) -> Data:
    """Open a dataset.

    ref: a registered name; else a path of a .csv, .tsv, .csv.gz, .tsv.gz or .parquet file (anything with a
    folder in it is a path); else whatever a plugin resolves (`openml:31`). own: roles of the columns of the
    user's own file; registered datasets have a card and ignore it. cache: see `resources.cache_folder`.
    Raises UnknownName (with the nearest), DatasetError and Refusal (EDA-01, EDA-02).
    """
    if ref in catalog.datasets:
        return _open_registered(catalog.datasets[ref], cache)
    path = Path(ref).expanduser()
    if is_file(ref):
        return open_own(path, own)
    found = catalog.resolve_dataset(ref)
    if found is not None:
        return _open_registered(found, cache)
    if _has_folder(ref) and not _SCHEME.match(ref):
        raise missing_file(path)
    return _open_registered(catalog.find("datasets", ref), cache)


def is_file(ref: str) -> bool:
    """Whether a reference names a user's file: by its suffix, or because a file is there."""
    if _SCHEME.match(ref):
        return False
    return ref.lower().endswith(SUFFIXES) or (_has_folder(ref) and Path(ref).expanduser().is_file())


def _has_folder(ref: str) -> bool:
    return "/" in ref or os.sep in ref or ref.startswith(("~", "."))


def _open_registered(found: Registered[Dataset], cache: Path | None) -> Data:
    spec = found.spec
    absent = missing_requirements(spec)
    if absent:
        hint = f"Install it: {install_line(spec)}"
        raise DatasetError(f"the dataset {spec.name!r} needs {', '.join(absent)}.", hint=hint)
    text = read_resource(spec.card).decode("utf-8")
    card = parse_card(text, spec.card)
    if card.task != spec.task:
        raise DatasetError(f"the card {spec.card} says {card.task}, the plugin registers it as {spec.task}.")
    card = replace(card, name=spec.name)
    raw = _shipped(spec, card) if spec.loader is None else _loaded(found, text, cache)
    if card.rows is not None and len(raw) != card.rows:
        raise DatasetError(f"{spec.name} has {len(raw)} rows and its card says {card.rows}: it is not whole.")
    return build_table(raw, card) if card.user is None else build_interactions(raw, card)


def _shipped(spec: Dataset, card: Card) -> pd.DataFrame:
    if card.file is None:
        raise DatasetError(
            f"the dataset {spec.name!r} has neither a loader nor a file in its card {spec.card}."
        )
    where = beside(spec.card, card.file)
    data = read_resource(where)
    check_sha256(data, card.sha256, where)
    return read_csv(unzipped(data, where), where)


def _loaded(found: Registered[Dataset], text: str, cache: Path | None) -> pd.DataFrame:
    spec, plugin = found.spec, found.plugin
    request = LoadRequest(name=spec.name, card=tomllib.loads(text), cache=cache_folder(plugin.name, cache))
    module, _, function = str(spec.loader).partition(":")
    try:
        frame = getattr(import_module(module), function)(request)
    except BakeoffError:
        raise
    except (Exception, SystemExit) as error:
        reason = f"{type(error).__name__}: {error}"
        raise _loader_error(spec, plugin, f"raised {reason}") from error
    if not isinstance(frame, pd.DataFrame):
        raise _loader_error(spec, plugin, f"returned {type(frame).__name__}, not a pandas DataFrame")
    return frame


def _loader_error(spec: Dataset, plugin: PluginInfo, what: str) -> DatasetError:
    return DatasetError(
        f"the loader {spec.loader} of {spec.name!r} ({plugin.distribution} {plugin.version}) {what}.",
        hint="Report it to the plugin's author.",
    )
