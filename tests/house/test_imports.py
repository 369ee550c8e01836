"""Every module can be imported first, alone, and without a warning."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = sorted(
    path.parent for shelf in ("bench", "plugins", "datasets") for path in (ROOT / shelf).glob("*/__init__.py")
)

#: Runs with a fresh interpreter. Third parties are imported once, before warnings become errors: what they say on
#: import is theirs. Then each module of ours is imported in a fork that has seen none of the others.
DRIVER = """
import importlib, os, sys, traceback, warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    for name in sys.argv[1].split(","):
        importlib.import_module(name)

bad = 0
for name in sys.argv[2:]:
    assert not any(seen.split(".")[0].startswith("bakeoff") for seen in sys.modules)
    child = os.fork()
    if child == 0:
        warnings.simplefilter("error")
        try:
            importlib.import_module(name)
        except BaseException:
            print(f"--- import {name}", flush=True)
            traceback.print_exc(file=sys.stdout)
            sys.stdout.flush()
            os._exit(1)
        os._exit(0)
    bad += os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0
sys.exit(bad != 0)
"""

#: What our modules import from others, by package: loaded once instead of once a module.
THIRD_PARTIES = {
    "bakeoff": "click,numpy,pandas,pluggy,rich.console,scipy.stats,tabulate",
    "bakeoff_datasets": "numpy,pandas,sklearn.datasets",
    "bakeoff_recsys": "numpy,scipy.sparse,implicit.cpu.als,implicit.cpu.bpr,numba",
    "bakeoff_tabular": "numpy,pandas,sklearn.ensemble,sklearn.linear_model,sklearn.pipeline,torch,xgboost",
}


def modules_of(package: Path) -> list[str]:
    names = (path.relative_to(package.parent).with_suffix("").parts for path in sorted(package.rglob("*.py")))
    return [".".join(parts[:-1] if parts[-1] == "__init__" else parts) for parts in names]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a fork is what makes some hundred fresh imports cheap")
@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_each_module_imports_alone_and_silently(package: Path) -> None:
    modules = modules_of(package)
    assert modules
    third_parties = THIRD_PARTIES.get(package.name, "numpy")
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, third_parties, *modules], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="see above")
def test_a_module_that_warns_or_needs_another_first_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "warns.py").write_text("import warnings\nwarnings.warn('old', DeprecationWarning)\n")
    (tmp_path / "fine.py").write_text("")
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, "json", "fine", "warns"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert done.returncode == 1
    assert "--- import warns" in done.stdout
    assert "--- import fine" not in done.stdout
