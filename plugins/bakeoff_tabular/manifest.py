"""Registers the techniques for tables and the suite `gbm-vs-transformer`. Light: what is named here is imported in a
worker only.

Parameters stand here in full where they decide the result, so that a record carries them and a change of a library's
default cannot slip in.
"""

from __future__ import annotations

from bakeoff.api import Inputs, Suite, Technique, hookimpl

BAKEOFF_API = 1

_INSTALL = "pip install 'bakeoff[tabular]'"


def _both(module: str, stem: str) -> dict[str, str]:
    """A factory for each of the two tasks, by the naming of this package."""
    return {
        "classification": f"bakeoff_tabular.{module}:{stem}_classifier",
        "regression": f"bakeoff_tabular.{module}:{stem}_regressor",
    }


_PLAIN = (
    Technique(
        name="prior",
        implementations=_both("baseline", "prior"),
        summary="class shares, or the mean, of the training part; looks at no input",
        cost=0.002,
        inputs=Inputs.FRAME,
        seed_param=None,
        libraries=("scikit-learn",),
        tags=("baseline",),
        source="scikit-learn's DummyClassifier and DummyRegressor",
    ),
    Technique(
        name="logistic",
        implementations={"classification": "bakeoff_tabular.linear:logistic"},
        summary="multinomial logistic regression, L2; scaled, imputed with flags, one-hot",
        cost=0.02,
        params={"C": 1.0, "max_iter": 2000, "tol": 1e-4},
        inputs=Inputs.FRAME,
        seed_param=None,
        libraries=("scikit-learn",),
        tags=("baseline", "linear"),
        source="scikit-learn's LogisticRegression (L-BFGS), its default penalty",
    ),
    Technique(
        name="ridge",
        implementations={"regression": "bakeoff_tabular.linear:ridge"},
        summary="least squares, L2; scaled, imputed with flags, one-hot",
        cost=0.006,
        params={"alpha": 1.0},
        inputs=Inputs.FRAME,
        seed_param=None,
        libraries=("scikit-learn",),
        tags=("baseline", "linear"),
        source="scikit-learn's Ridge, its default penalty; not chosen by cross-validation",
    ),
)

_TREES = (
    Technique(
        name="random-forest",
        implementations=_both("forest", "forest"),
        summary="random forest on ordinal codes, missing values native",
        cost=0.5,
        params={"n_estimators": 200},
        inputs=Inputs.FRAME,
        libraries=("scikit-learn",),
        tags=("trees",),
        source="Breiman 2001; scikit-learn's defaults with 200 trees",
    ),
    Technique(
        name="hist-gbm",
        implementations=_both("hist_gbm", "hist_gbm"),
        summary="scikit-learn's histogram boosting, native categories and missing values",
        cost=0.2,
        params={"max_iter": 100, "learning_rate": 0.1, "max_leaf_nodes": 31, "early_stopping": "auto"},
        inputs=Inputs.FRAME,
        libraries=("scikit-learn",),
        tags=("boosting", "trees"),
        source="scikit-learn's HistGradientBoosting, its defaults (early stopping from 10,000 rows on)",
    ),
    Technique(
        name="xgboost",
        implementations=_both("xgb", "xgboost"),
        summary="XGBoost, histogram method, native categories and missing values",
        cost=0.1,
        params={"n_estimators": 100, "learning_rate": 0.3, "max_depth": 6},
        inputs=Inputs.FRAME,
        requires=("xgboost",),
        install=_INSTALL,
        libraries=("scikit-learn",),
        tags=("boosting", "trees"),
        source="Chen and Guestrin 2016, arXiv:1603.02754; the library's defaults, no early stopping",
    ),
)

_NEURAL = (
    Technique(
        name="mlp",
        implementations=_both("perceptron", "mlp"),
        summary="two hidden layers of 128 on normal scores and one-hot, early stopping inside",
        cost=0.25,
        params={"hidden": [128, 128], "max_epochs": 200, "patience": 16},
        inputs=Inputs.FRAME,
        libraries=("scikit-learn", "scipy"),
        deep=True,
        tags=("neural",),
        source="scikit-learn's MLP (Adam at 1e-3)",
    ),
    Technique(
        name="ft-transformer",
        implementations={
            "classification": "bakeoff_tabular.ft_transformer.estimator:FTTransformerClassifier",
            "regression": "bakeoff_tabular.ft_transformer.estimator:FTTransformerRegressor",
        },
        summary="Transformer over one token a column, from scratch; preset = fast or paper",
        cost=1.5,
        params={"preset": "fast"},
        inputs=Inputs.FRAME,
        requires=("torch",),
        install=_INSTALL,
        libraries=("scikit-learn", "scipy"),
        deep=True,
        tags=("neural", "transformer"),
        source="Gorishniy et al. 2021, arXiv:2106.11959",
    ),
)


@hookimpl
def bakeoff_techniques() -> list[Technique]:
    """Baselines, linear models, trees and networks for classification and regression."""
    return [*_PLAIN, *_TREES, *_NEURAL]


@hookimpl
def bakeoff_suites() -> list[Suite]:
    """Gradient boosting against a tabular transformer."""
    return [
        Suite(
            name="gbm-vs-transformer",
            path="bakeoff_tabular:suites/gbm-vs-transformer.toml",
            summary="does gradient boosting beat a transformer trained from scratch on a table, and at what cost?",
        )
    ]
