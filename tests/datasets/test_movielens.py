"""MovieLens comes in at first use, converted once; a pickle is read only if it is the pinned one."""

from __future__ import annotations

import gzip
import hashlib
import lzma
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bakeoff.api import DatasetError, LoadRequest
from bakeoff.discovery import load_catalog
from bakeoff.run.data.open import open_dataset
from bakeoff.run.data.types import InteractionData
from bakeoff_datasets import fetch as fetching
from bakeoff_datasets.frames import unpickle_frame
from bakeoff_datasets.movielens import load_small

FRAME = pd.DataFrame(
    {"rownames": [1, 2], "movieId": [31, 7], "title": ["A", "B"], "userId": [1, 2], "rating": [2.5, 4.0],
     "timestamp": [10, 20]}
)  # fmt: skip
PICKLED = lzma.compress(pickle.dumps(FRAME))
TEXT = b"user,item,rating,timestamp\n1,31,2.5,10\n2,7,4.0,20\n"


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def request(cache: Path, *, content: bytes = TEXT) -> LoadRequest:
    extra = {
        "name": "small",
        "distribution": "bakeoff-tiny",
        "version": "1.0",
        "member": "d/m.pkl",
        "member_sha256": sha(PICKLED),
        "content_sha256": sha(content),
    }
    return LoadRequest(name="small", card={"extra": extra}, cache=cache)


@pytest.fixture
def no_download(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_pip_download", lambda *_: "there is no network")


@pytest.mark.usefixtures("no_download")
def test_the_pickle_is_converted_once_and_then_not_needed(tmp_path: Path) -> None:
    (tmp_path / "m.pkl").write_bytes(PICKLED)
    first = load_small(request(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["small.csv.gz"]
    assert gzip.decompress((tmp_path / "small.csv.gz").read_bytes()) == TEXT
    pd.testing.assert_frame_equal(load_small(request(tmp_path)), first)
    assert first.to_dict("list") == {
        "user": [1, 2],
        "item": [31, 7],
        "rating": [2.5, 4.0],
        "timestamp": [10, 20],
    }


@pytest.mark.usefixtures("no_download")
@pytest.mark.parametrize(
    "damage", [lambda b: b[:-9], lambda b: gzip.compress(TEXT + b"3,3,3,3\n"), lambda b: b"x"]
)
def test_a_damaged_converted_copy_is_not_read(tmp_path: Path, damage: object) -> None:
    (tmp_path / "small.csv.gz").write_bytes(damage(gzip.compress(TEXT)))  # type: ignore[operator]
    with pytest.raises(DatasetError, match="there is no network"):
        load_small(request(tmp_path))


def test_a_conversion_with_another_result_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.pkl").write_bytes(PICKLED)
    with pytest.raises(DatasetError, match="the converted ratings have the SHA-256"):
        load_small(request(tmp_path, content=b"other"))


class Trap:
    """Runs `os.mkdir` when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.folder),)


def test_bytes_without_the_pinned_sha_are_never_unpickled(tmp_path: Path) -> None:
    evil = lzma.compress(pickle.dumps(Trap(tmp_path / "sprung")))
    with pytest.raises(DatasetError, match="refused to unpickle"):
        unpickle_frame(evil, sha(PICKLED))
    assert not (tmp_path / "sprung").exists()
    pickle.loads(lzma.decompress(evil))  # the trap works, so the test above could have failed
    assert (tmp_path / "sprung").exists()


FACTS = {
    "movielens-100k": (943, 1682, 100_000, "fdccaddc"),
    "movielens-100k-4plus": (942, 1447, 55_375, "b7f9a6d0"),
    "movielens-small": (671, 9066, 100_004, "0f602f37"),
    "movielens-small-4plus": (671, 6170, 51_568, "080519ab"),
}


@pytest.mark.network
@pytest.mark.parametrize("name", FACTS)
def test_movielens_has_the_published_size(name: str) -> None:
    users, items, events, beginning = FACTS[name]
    data = open_dataset(name, load_catalog())
    assert isinstance(data, InteractionData)
    assert (len(data.user_ids), len(data.item_ids), data.n_rows) == (users, items, events)
    assert (data.weights == 1).all()
    assert data.time is not None
    assert np.isfinite(data.time).all()
    assert data.card.origin == "movielens"
    assert data.fingerprint.startswith(beginning)


@pytest.mark.network
@pytest.mark.slow
def test_prepare_makes_the_files_that_are_shipped() -> None:
    script = Path(__file__).parents[2] / "datasets" / "prepare.py"
    done = subprocess.run(
        [sys.executable, str(script), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("different: none\n")
