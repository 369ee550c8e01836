"""What is registered is what is there."""

from __future__ import annotations

import inspect
import subprocess
import sys
from importlib import import_module

import pytest

from bakeoff_tabular.manifest import bakeoff_suites, bakeoff_techniques

TECHNIQUES = list(bakeoff_techniques())
PAIRS = [(t, task) for t in TECHNIQUES for task in t.implementations]


def implementation(reference: str) -> object:
    module, _, attribute = reference.partition(":")
    return getattr(import_module(module), attribute)


def test_the_techniques_of_the_suite_are_registered() -> None:
    assert {t.name for t in TECHNIQUES} == {
        "prior", "logistic", "ridge", "random-forest", "hist-gbm", "xgboost", "mlp", "ft-transformer",
    }  # fmt: skip
    assert [s.name for s in bakeoff_suites()] == ["gbm-vs-transformer"]


@pytest.mark.parametrize(("technique", "task"), PAIRS, ids=lambda v: getattr(v, "name", v))
def test_registered_parameters_are_accepted_and_the_seed_is_taken(technique, task) -> None:
    signature = inspect.signature(implementation(technique.implementations[task]))
    seeded = {technique.seed_param: 1} if technique.seed_param else {}
    signature.bind(**technique.params, **seeded)
    if technique.seed_param:
        assert technique.seed_param in signature.parameters


@pytest.mark.parametrize(("technique", "task"), PAIRS, ids=lambda v: getattr(v, "name", v))
def test_defaults_in_the_code_are_those_registered(technique, task) -> None:
    parameters = inspect.signature(implementation(technique.implementations[task])).parameters
    for name, value in technique.params.items():
        if name in parameters:
            default = parameters[name].default
            assert (list(default) if isinstance(default, tuple) else default) == value


def test_listing_imports_no_library_of_learning() -> None:
    code = (
        "import sys, bakeoff_tabular.manifest as m; m.bakeoff_techniques(); m.bakeoff_suites();"
        "print([n for n in ('numpy', 'pandas', 'scipy', 'sklearn', 'torch', 'xgboost') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_sklearn_techniques_work_without_the_extra() -> None:
    modules = "baseline", "linear", "forest", "hist_gbm", "perceptron"
    code = (
        "import sys\n"
        + "\n".join(f"import bakeoff_tabular.{m}" for m in modules)
        + "\nprint([n for n in ('torch', 'xgboost') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
