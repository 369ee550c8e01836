"""What metrics there are: data for the manifest. Imports nothing heavy; the formulas stand with the functions."""

from __future__ import annotations

from bakeoff.model.specs import Metric

_CLASSIFICATION = "bakeoff.metrics.classification"
_REGRESSION = "bakeoff.metrics.regression"
_TOPK = "bakeoff.metrics.topk"


def _classification(
    name: str, direction: str, needs: str, summary: str, best: float | None, worst: float | None
) -> Metric:
    return Metric(
        name=name,
        tasks=("classification",),
        implementation=f"{_CLASSIFICATION}:{name}",
        direction=direction,
        needs=needs,
        summary=summary,
        best=best,
        worst=worst,
    )


def _regression(
    name: str, direction: str, summary: str, best: float | None, worst: float | None = None
) -> Metric:
    return Metric(
        name=name,
        tasks=("regression",),
        implementation=f"{_REGRESSION}:{name}",
        direction=direction,
        needs="response",
        summary=summary,
        best=best,
        worst=worst,
    )


def _topk(
    base: str, k: int, direction: str, summary: str, best: float | None = 1.0, worst: float | None = 0.0
) -> Metric:
    return Metric(
        name=f"{base}@{k}",
        tasks=("recommendation",),
        implementation=f"{_TOPK}:{base}",
        direction=direction,
        needs="topk",
        summary=summary,
        best=best,
        worst=worst,
    )


CLASSIFICATION = (
    _classification("roc_auc", "max", "proba", "area under the ROC curve; macro one-vs-rest", 1.0, 0.0),
    _classification("average_precision", "max", "proba", "average precision; macro one-vs-rest", 1.0, 0.0),
    _classification("log_loss", "min", "proba", "mean negative log-likelihood, nats", 0.0, None),
    _classification("brier", "min", "proba", "mean squared error of probabilities", 0.0, None),
    _classification("accuracy", "max", "response", "share of rows classified rightly", 1.0, 0.0),
    _classification("balanced_accuracy", "max", "response", "mean recall over classes", 1.0, 0.0),
    _classification("f1_macro", "max", "response", "mean F1 over classes", 1.0, 0.0),
    _classification("mcc", "max", "response", "Matthews correlation coefficient", 1.0, -1.0),
)

REGRESSION = (
    _regression("r2", "max", "share of the test part's variance explained", 1.0),
    _regression("rmse", "min", "root of the mean squared error, units of the target", 0.0),
    _regression("mae", "min", "mean absolute error, units of the target", 0.0),
)

RECOMMENDATION = (
    _topk("ndcg", 10, "max", "discounted gain over the ideal of min(n, k) items"),
    _topk("recall", 10, "max", "share of the n held-out items found"),
    _topk("recall", 20, "max", "share of the n held-out items found"),
    _topk("recall_min", 10, "max", "hits over min(n, k)"),
    _topk("precision", 10, "max", "hits over k"),
    _topk("map", 10, "max", "mean average precision, over min(n, k)"),
    _topk("mrr", 10, "max", "reciprocal rank of the first hit"),
    _topk("hit", 10, "max", "share of users with a hit"),
    _topk("coverage", 10, "max", "share of the catalogue recommended to anybody"),
    _topk("popularity", 10, "min", "mean number of training users of a recommended item", None, None),
    _topk("gini", 10, "min", "inequality of how often items are recommended"),
)

METRICS = CLASSIFICATION + REGRESSION + RECOMMENDATION
