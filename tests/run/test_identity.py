"""What a technique's code is: edits of what it uses change it, comments and other modules do not."""

from __future__ import annotations

import importlib
import sys

import pytest

from bakeoff.run import identity


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package with an implementation, a helper it imports, and a module it does not."""
    folder = tmp_path / "my_plug"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "model.py").write_text(
        "from my_plug.helper import f\nfrom . import shared\n\ndef g():\n    return f()\n"
    )
    (folder / "helper.py").write_text("def f():\n    return 1\n")
    (folder / "shared.py").write_text("X = 1\n")
    (folder / "other.py").write_text("Y = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    identity.find_source.cache_clear()
    return folder


def test_a_comment_or_docstring_changes_nothing(package):
    before = identity.code_hash("my_plug.model")
    text = (package / "model.py").read_text()
    (package / "model.py").write_text('"""Now with words."""\n# and a remark\n' + text + "\n\n")
    assert identity.code_hash("my_plug.model") == before


@pytest.mark.parametrize("name", ["model.py", "helper.py", "shared.py", "__init__.py"])
def test_an_edit_of_what_is_used_changes_the_hash(package, name):
    before = identity.code_hash("my_plug.model")
    (package / name).write_text((package / name).read_text() + "\nZ = 2\n")
    assert identity.code_hash("my_plug.model") != before


def test_an_edit_of_what_is_not_used_changes_nothing(package):
    before = identity.code_hash("my_plug.model")
    (package / "other.py").write_text("Y = 2\n")
    assert identity.code_hash("my_plug.model") == before


def test_nothing_is_imported_on_the_way(package):
    identity.code_hash("my_plug.model")
    assert not [m for m in sys.modules if m.startswith("my_plug")]


def test_a_local_file_counts_with_the_files_beside_it(tmp_path):
    (tmp_path / "mine.py").write_text("import util\n")
    (tmp_path / "util.py").write_text("A = 1\n")
    name = f"file:{tmp_path / 'mine.py'}"
    before = identity.code_hash(name)
    (tmp_path / "util.py").write_text("A = 2\n")
    assert identity.code_hash(name) != before


def test_moving_the_folder_changes_nothing(tmp_path):
    for where in ("one", "two"):
        (tmp_path / where).mkdir()
        (tmp_path / where / "mine.py").write_text("A = 1\n")
    hashes = {identity.code_hash(f"file:{tmp_path / where / 'mine.py'}") for where in ("one", "two")}
    assert len(hashes) == 1


def test_a_module_without_source_has_no_hash():
    assert identity.code_hash("no_such_module_anywhere") == ""


def test_a_file_that_is_not_python_still_has_an_identity(tmp_path):
    (tmp_path / "mine.py").write_text("def (:\n")
    assert identity.code_hash(f"file:{tmp_path / 'mine.py'}") != ""


def test_the_owner_of_a_package_is_its_distribution():
    assert identity.owner("sklearn") == "scikit-learn"
    assert identity.owner("no_such_package") == ""
