"""Registered names, references and plugins: what opens, and what is said of what does not."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bakeoff.discovery import Catalog
from bakeoff.model.errors import DatasetError, UnknownName
from bakeoff.run.data.open import is_file, open_dataset
from bakeoff.run.data.resources import beside, cache_folder
from bakeoff.run.data.types import Data, InteractionData, TableData

Plugin = Callable[..., Data]

CARD = 'task = "classification"\ntarget = "y"\n'
ROWS = b"a,b,y\n1,u,no\n2,v,yes\n,,yes\n4,NA,no\n"
PACKED = gzip.compress(ROWS, mtime=0)
SHA256 = hashlib.sha256(PACKED).hexdigest()
LOADER = "import pandas as pd\ndef load(request):\n    {}\n"


def test_an_unknown_name_offers_the_nearest(catalog: Catalog) -> None:
    with pytest.raises(UnknownName, match=r"unknown dataset 'diamond'.*Did you mean 'diamonds'"):
        open_dataset("diamond", catalog)


def test_a_reference_which_nobody_resolves_is_unknown(catalog: Catalog) -> None:
    with pytest.raises(UnknownName, match="nobody:31"):
        open_dataset("nobody:31", catalog)


def test_a_path_without_suffix_which_is_not_there_is_a_missing_file(catalog: Catalog, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="there is no file"):
        open_dataset(str(tmp_path / "nothing"), catalog)


@pytest.mark.parametrize(
    ("ref", "expected"),
    [
        ("my.csv", True),
        ("./my.CSV", True),
        ("my.csv.gz", True),
        ("my.parquet", True),
        ("adult", False),
        ("hf:owner/name", False),
        ("openml:31", False),
        ("hf:owner/data.csv", False),
    ],
)
def test_what_is_taken_for_a_file(ref: str, expected: bool) -> None:
    assert is_file(ref) is expected


def test_a_shipped_file_is_opened_as_its_card_says(plugin: Plugin) -> None:
    card = CARD + f'file = "d/t.csv.gz"\nsha256 = "{SHA256}"\nrows = 4\npositive = "no"\n'
    data = plugin({"card.toml": card, "d/t.csv.gz": PACKED})
    assert isinstance(data, TableData)
    assert (data.name, data.classes, data.card.origin) == ("lab", ("yes", "no"), "lab")
    assert data.card.kinds == {"a": "numeric", "b": "nominal", "y": "nominal"}
    assert list(data.frame["b"].cat.categories) == ["NA", "u", "v"]  # an empty cell alone is missing here
    np.testing.assert_array_equal(data.frame["a"], [1, 2, np.nan, 4])


@pytest.mark.parametrize(
    ("card", "packed", "said"),
    [
        (f'file = "t.csv.gz"\nsha256 = "{SHA256}"', PACKED[:-1] + b"\1", "is damaged: its SHA-256 is"),
        ('file = "t.csv.gz"', PACKED[:-9], "gzip data ends early"),
        ('file = "t.csv.gz"\nrows = 5', PACKED, "has 4 rows and its card says 5"),
        ('file = "gone.csv.gz"', PACKED, "cannot read lab_of_one_test:gone.csv.gz"),
        ('file = "../../secret.csv"', PACKED, "outside its package"),
        ("", PACKED, "neither a loader nor a file"),
        ('file = "t.csv.gz"\n[kinds]\nc = "numeric"', PACKED, "no column 'c' (kinds)"),
        ('file = "t.csv.gz"\n[kinds]\nb = "numeric"', PACKED, "'b' of lab should hold numbers"),
        ('file = "t.csv.gz"\ndrop = ["aa"]', PACKED, "no column 'aa' (drop). Did you mean 'a'?"),
        ('file = "t.csv.gz"\npositive = "maybe"', PACKED, "positive label 'maybe' does not occur"),
        ('fil = "t.csv.gz"', PACKED, "Did you mean 'file'?"),
    ],
)
def test_a_damaged_or_wrong_shipped_set_is_refused(
    plugin: Plugin, card: str, packed: bytes, said: str
) -> None:
    with pytest.raises(DatasetError) as caught:
        plugin({"card.toml": CARD + card, "t.csv.gz": packed})
    assert said in str(caught.value)


def test_card_and_registration_must_agree_on_the_task(plugin: Plugin) -> None:
    with pytest.raises(DatasetError, match="says classification, the plugin registers it as regression"):
        plugin({"card.toml": CARD}, task="regression")


def test_a_requirement_that_is_not_installed_is_named_with_its_line(plugin: Plugin) -> None:
    with pytest.raises(DatasetError, match=r"needs no-such-thing\. Install it: pip install lab\[x\]"):
        plugin({"card.toml": CARD}, requires=("no-such-thing",), install="pip install lab[x]")


def test_a_loader_gets_its_card_and_a_cache_of_its_plugin(plugin: Plugin, tmp_path: Path) -> None:
    body = 'return pd.DataFrame({"where": [str(request.cache)] * 2, "k": request.card["extra"]["k"], "y": [0, 1]})'
    card = CARD + "[extra]\nk = [5, 6]\n"
    data = plugin({"card.toml": card, "mod.py": LOADER.format(body)}, loader="mod:load")
    assert isinstance(data, TableData)
    assert data.frame["k"].tolist() == [5, 6]
    assert list(data.frame["where"].cat.categories) == [str(tmp_path / "cache" / "datasets" / "lab")]


def test_a_loader_of_events_makes_interactions(plugin: Plugin) -> None:
    card = 'task = "recommendation"\nuser = "u"\nitem = "i"\n'
    body = 'return pd.DataFrame({"u": ["a", "b"], "i": [1, 2]})'
    data = plugin(
        {"card.toml": card, "mod.py": LOADER.format(body)}, loader="mod:load", task="recommendation"
    )
    assert isinstance(data, InteractionData)
    assert data.user_ids == ("a", "b")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return 1 / 0", "raised ZeroDivisionError: division by zero"),
        ("raise SystemExit(3)", "raised SystemExit: 3"),
        ("return [1, 2]", "returned list, not a pandas DataFrame"),
        ("return pd.DataFrame({'y': []})", "lab has no rows"),
        ("return pd.DataFrame({'y': ['a', 'b']})", "no input columns"),
        ("return pd.DataFrame([[1, 2, 'a']], columns=['x', 'x', 'y'])", "more than one column 'x'"),
    ],
)
def test_a_loader_that_fails_is_named_with_its_distribution(plugin: Plugin, body: str, said: str) -> None:
    with pytest.raises(DatasetError) as caught:
        plugin({"card.toml": CARD, "mod.py": LOADER.format(body)}, loader="mod:load")
    assert said in str(caught.value)
    if said.startswith(("raised", "returned")):
        assert "(lab-package 1.2)" in str(caught.value)


def test_an_error_for_people_passes_through_as_it_is(plugin: Plugin) -> None:
    body = 'from bakeoff.api import DatasetError; raise DatasetError("put the file there.")'
    with pytest.raises(DatasetError, match=r"^put the file there\.$"):
        plugin({"card.toml": CARD, "mod.py": LOADER.format(body)}, loader="mod:load")


def test_the_log_of_a_target_is_taken_or_refused(plugin: Plugin) -> None:
    card = 'task = "regression"\ntarget = "y"\ntransform = "log"\n'
    rows = "return pd.DataFrame({'x': [3, 1, 2], 'y': [%s, 10.0, 100.0]})"
    good = plugin(
        {"card.toml": card, "mod.py": LOADER.format(rows % 1)}, loader="mod:load", task="regression"
    )
    assert isinstance(good, TableData)
    np.testing.assert_allclose(good.target, np.log([1, 10, 100]))
    with pytest.raises(DatasetError, match="goes down to 0, which has no log"):
        plugin({"card.toml": card, "mod2.py": LOADER.format(rows % 0)}, loader="mod2:load", task="regression")


def test_a_cache_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DatasetError, match="Set BAKEOFF_CACHE"):
        cache_folder("lab", tmp_path / "file")


def test_the_cache_follows_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAKEOFF_CACHE", str(tmp_path / "mine"))
    assert cache_folder("lab") == tmp_path / "mine" / "datasets" / "lab"


def test_a_file_is_named_relative_to_its_card() -> None:
    assert beside("pkg:cards/a.toml", "../data/a.csv.gz") == "pkg:data/a.csv.gz"
