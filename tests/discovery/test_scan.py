"""Scanning reads metadata alone and survives whatever lies on the path."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bakeoff.discovery.scan import normalised, scan


def names() -> list[str]:
    return [candidate.info.name for candidate in scan()]


def test_the_core_is_always_found_and_first(site: Any) -> None:
    assert names() == ["core"]


def test_scanning_imports_no_manifest(site: Any) -> None:
    module = site.plugin("loud", "raise RuntimeError('imported')")
    assert names() == ["core", "loud"]
    assert module not in sys.modules


def test_the_order_is_builtins_then_names_whatever_the_order_on_disk(site: Any, tmp_path: Path) -> None:
    for name in ("zeta", "alpha", "mid"):
        site.plugin(name)
    site.entry("Bakeoff", "[bakeoff]\nzz-built-in = nowhere\n")
    assert names() == ["core", "zz-built-in", "alpha", "mid", "zeta"]


def test_a_distribution_found_twice_counts_once_with_the_first_copy(
    site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = tmp_path / "older"
    older.mkdir()
    site.plugin("one", distribution="Some-Dist", version="2.0")
    site.plugin("one", distribution="some.dist", version="1.0", folder=older)
    monkeypatch.setattr(sys, "path", [*sys.path, str(older), str(site.folder)])
    (found,) = [c.info for c in scan() if c.info.name == "one"]
    assert (found.distribution, found.version) == ("Some-Dist", "2.0")


def test_an_older_copy_behind_one_without_plugins_is_not_found(
    site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python would import the first copy, in which the manifest is gone."""
    older = tmp_path / "older"
    older.mkdir()
    site.entry("some-dist", "[console_scripts]\nx = y:z\n", "2.0")
    site.plugin("gone", distribution="some-dist", version="1.0", folder=older)
    monkeypatch.setattr(sys, "path", [*sys.path, str(older)])
    assert names() == ["core"]


def test_foreign_metadata_that_is_no_text_is_passed_over(site: Any) -> None:
    (site.entry("foreign", "") / "entry_points.txt").write_bytes(b"[bakeoff]\n\xff\xfe = x\n")
    site.plugin("sound")
    assert names() == ["core", "sound"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[bakeoff]\nno equals sign\n", "cannot be parsed"),
        ("[bakeoff]\na b = module\n", "is not made of letters"),
        ("[bakeoff]\nx = 1module\n", "does not name a module"),
        ("[bakeoff]\nx =\n", "does not name a module"),
    ],
)
def test_a_damaged_entry_is_a_candidate_with_a_reason(site: Any, text: str, reason: str) -> None:
    site.entry("damaged", text)
    (candidate,) = scan()[1:]
    assert reason in candidate.fault
    assert candidate.info.distribution == "damaged"


def test_a_half_removed_distribution_is_named_after_its_folder(site: Any) -> None:
    (site.entry("halfgone", "[bakeoff]\nx = y\n") / "METADATA").unlink()
    (candidate,) = scan()[1:]
    assert (candidate.info.distribution, candidate.info.version) == ("halfgone", "")


def test_metadata_of_others_is_not_parsed(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading the METADATA of hundreds of distributions is what would make the start slow."""
    for number in range(300):
        info = site.entry(f"other-{number}", "[console_scripts]\nx = y:z\n")
        shutil.copyfile(info / "METADATA", info / "RECORD")
    site.plugin("one")
    read: list[str] = []
    original = Path.read_text

    def spy(self: Path, *args: Any, **kwargs: Any) -> str:
        read.append(self.name)
        return original(self, *args, **kwargs)

    monkeypatch.setattr(Path, "read_text", spy)
    assert names() == ["core", "one"]
    assert read.count("entry_points.txt") >= 300
    assert read.count("METADATA") <= 5


@given(st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,10}[A-Za-z0-9])?", fullmatch=True))
def test_normalising_twice_changes_nothing(name: str) -> None:
    once = normalised(name)
    assert normalised(once) == once == normalised(name.upper()) == normalised(name.replace(".", "-_"))
