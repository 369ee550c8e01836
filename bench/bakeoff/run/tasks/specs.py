"""What tasks there are: data for the manifest. Light; the rules stand in the modules named here."""

from __future__ import annotations

from bakeoff.metrics.specs import CLASSIFICATION, RECOMMENDATION, REGRESSION
from bakeoff.model.specs import Task
from bakeoff.model.words import DataKind

TASKS = (
    Task(
        name="classification",
        title="Classification",
        data=DataKind.TABLE,
        implementation="bakeoff.run.tasks.classification:classification",
        metrics=tuple(m.name for m in CLASSIFICATION),
        primary="roc_auc",
        policies=("stratified-kfold", "holdout", "forward"),
        default_policy="stratified-kfold",
        baselines=("prior", "logistic"),
    ),
    Task(
        name="regression",
        title="Regression",
        data=DataKind.TABLE,
        implementation="bakeoff.run.tasks.regression:regression",
        metrics=tuple(m.name for m in REGRESSION),
        # Not rmse: errors in dollars and in minutes cannot be averaged into one table, r2 has no unit.
        primary="r2",
        policies=("kfold", "holdout", "forward"),
        default_policy="kfold",
        baselines=("prior", "ridge"),
    ),
    Task(
        name="recommendation",
        title="Recommendation from implicit feedback",
        data=DataKind.INTERACTIONS,
        implementation="bakeoff.run.tasks.recommendation:recommendation",
        metrics=tuple(m.name for m in RECOMMENDATION),
        primary="ndcg@10",
        policies=("global-timeline", "user-random", "leave-last-out"),
        default_policy="global-timeline",
        baselines=("popularity",),
    ),
)
