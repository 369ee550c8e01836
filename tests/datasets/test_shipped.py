"""What lies in the package is whole, is what its card says, and may be there."""

from __future__ import annotations

import hashlib
import tomllib
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from bakeoff.discovery import Catalog, load_catalog
from bakeoff.model.card import parse_card
from bakeoff.run.data.open import open_dataset
from bakeoff.run.data.types import InteractionData, TableData
from bakeoff_datasets.manifest import bakeoff_datasets

ROOM = Path(str(files("bakeoff_datasets")))
CARDS = {path.stem: path for path in sorted((ROOM / "cards").glob("*.toml"))}
SHIPPED = sorted(name.name.removesuffix(".csv.gz") for name in (ROOM / "data").glob("*.csv.gz"))

#: rows, input columns, nominal ones, cells missing, classes, share of the last class; and the fingerprint's
#: beginning, which must be the same on every machine and version of pandas.
TABLES = {
    "adult": (32561, 13, 8, 4262, 2, 0.2408, "cc0f0c77"),
    "ames": (2930, 73, 40, 4599, 0, None, "9b760511"),
    "cells": (2019, 56, 0, 0, 2, 0.6439, "6f04f428"),
    "check_times": (13626, 22, 0, 0, 0, None, "60536e1a"),
    "credit_data": (4454, 13, 4, 455, 2, 0.2815, "83550712"),
    "diamonds": (53940, 9, 3, 0, 0, None, "ee2b60d2"),
    "hpc_data": (4331, 7, 2, 0, 4, 0.5105, "285d9a2f"),
    "breast_cancer": (569, 30, 0, 0, 2, 0.3726, None),
    "wine": (178, 13, 0, 0, 3, 0.2697, None),
    "digits": (1797, 64, 0, 0, 10, 0.1002, None),
    "diabetes": (442, 10, 0, 0, 0, None, None),
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def test_every_registered_dataset_has_its_card_and_the_other_way_round() -> None:
    specs = {spec.name: spec for spec in bakeoff_datasets()}
    assert set(specs) == set(CARDS)
    assert {spec.name for spec in specs.values() if spec.loader is None} == set(SHIPPED)


@pytest.mark.parametrize("name", CARDS)
def test_every_card_says_where_the_data_is_from_and_what_allows_it(name: str) -> None:
    card = parse_card(CARDS[name].read_text(encoding="utf-8"), name)
    assert card.name == name
    assert min(map(len, (card.title, card.licence, card.source, card.citation, card.made_by))) > 9
    assert card.rows


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_file_is_the_one_of_its_card(name: str) -> None:
    card = tomllib.loads(CARDS[name].read_text(encoding="utf-8"))
    data = (ROOM / "data" / f"{name}.csv.gz").read_bytes()
    assert hashlib.sha256(data).hexdigest() == card["sha256"]
    assert data[4:8] == bytes(4), "a time stamp in the gzip header makes every run another file"


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_file_has_a_licence_that_allows_it(name: str) -> None:
    licence = parse_card(CARDS[name].read_text(encoding="utf-8"), name).licence
    assert licence.startswith(("CC BY 4.0", "MIT", "CC0"))
    assert f"`{name}.csv.gz`" in (ROOM / "data" / "LICENCES.md").read_text(encoding="utf-8")


def test_movielens_is_not_shipped_and_counts_once() -> None:
    cards = [parse_card(path.read_text(encoding="utf-8"), name) for name, path in CARDS.items()]
    movielens = [card for card in cards if card.name.startswith("movielens")]
    assert len(movielens) == 4
    assert {(card.origin, card.file) for card in movielens} == {("movielens", None)}


def test_the_folder_stays_small() -> None:
    assert sum(path.stat().st_size for path in (ROOM / "data").iterdir()) < 4 << 20


@pytest.mark.parametrize("name", TABLES)
def test_every_table_opens_with_the_facts_known_of_it(name: str, catalog: Catalog) -> None:
    rows, columns, nominal, missing, classes, last, beginning = TABLES[name]
    data = open_dataset(name, catalog)
    assert isinstance(data, TableData)
    assert data.frame.shape == (rows, columns)
    assert sum(dtype == "category" for dtype in data.frame.dtypes) == nominal
    assert int(data.frame.isna().to_numpy().sum()) == missing
    assert len(data.classes) == classes
    assert data.notes == ()
    if last is not None:
        assert (data.target == classes - 1).mean() == pytest.approx(last, abs=5e-5)
    if beginning is not None:
        assert data.fingerprint.startswith(beginning)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_kind_of_every_input_column_stands_in_the_card(name: str, catalog: Catalog) -> None:
    data = open_dataset(name, catalog)
    if isinstance(data, TableData):
        card = parse_card(CARDS[name].read_text(encoding="utf-8"), name)
        assert list(card.kinds) == list(data.frame.columns)


def test_the_target_of_check_times_is_the_log_of_seconds(catalog: Catalog) -> None:
    data = open_dataset("check_times", catalog)
    assert isinstance(data, TableData)
    assert np.exp(data.target).min() == pytest.approx(5)
    assert np.exp(data.target).max() == pytest.approx(1343)


def test_synthetic_drift_opens_with_counts_and_times(catalog: Catalog) -> None:
    data = open_dataset("synthetic-drift", catalog)
    assert isinstance(data, InteractionData)
    assert (len(data.user_ids), len(data.item_ids), data.n_rows) == (800, 600, 43924)
    assert data.weights.min() == 1
    assert data.weights.max() > 5
    assert data.time is not None
    assert (np.diff(data.time) >= 0).all()
    assert data.fingerprint.startswith("be952f00")
