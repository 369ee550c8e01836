"""What this plugin registers: datasets that lie beside it, and loaders for those which may not. Light."""

from __future__ import annotations

from bakeoff.api import Dataset, Suite, hookimpl

BAKEOFF_API = 1

_TABLES = {
    "adult": ("classification", "census income: 32,561 x 13, mixed, 24 % positive"),
    "cells": ("classification", "cell images, segmented well or poorly: 2,019 x 56, numeric"),
    "credit_data": ("classification", "credit scoring: 4,454 x 13, mixed, missing values, 28 % bad"),
    "hpc_data": ("classification", "run time of cluster jobs: 4,331 x 7, mixed, 4 classes"),
    "ames": ("regression", "house prices: 2,930 x 73, mixed"),
    "check_times": ("regression", "log seconds of R CMD check: 13,626 x 22, numeric"),
    "diamonds": ("regression", "diamond prices: 53,940 x 9, mixed"),
    "synthetic-drift": (
        "recommendation",
        "synthetic counts with known factors and drift: 800 x 600, 43,924 events",
    ),
}
_TOYS = {
    "breast_cancer": ("classification", "smoke test: 569 x 30"),
    "wine": ("classification", "smoke test: 178 x 13, 3 classes"),
    "digits": ("classification", "smoke test: 1,797 x 64, 10 classes"),
    "diabetes": ("regression", "smoke test: 442 x 10"),
}
_MOVIELENS = {
    "movielens-100k": ("load_100k", "943 x 1,682, 100,000 ratings, all positive; loaded at first use"),
    "movielens-100k-4plus": ("load_100k", "the 55,375 ratings of 4 and 5 stars; loaded at first use"),
    "movielens-small": ("load_small", "671 x 9,066, 100,004 ratings, all positive; loaded at first use"),
    "movielens-small-4plus": ("load_small", "the 51,568 ratings of 4 stars and more; loaded at first use"),
}


@hookimpl
def bakeoff_datasets() -> list[Dataset]:
    """Every dataset by name, with its card and, where the rows are not shipped, its loader."""
    shipped = [_dataset(name, task, summary) for name, (task, summary) in _TABLES.items()]
    toys = [
        _dataset(name, task, summary, "bakeoff_datasets.toys:load") for name, (task, summary) in _TOYS.items()
    ]
    fetched = [
        _dataset(name, "recommendation", summary, f"bakeoff_datasets.movielens:{function}")
        for name, (function, summary) in _MOVIELENS.items()
    ]
    return shipped + toys + fetched


@hookimpl
def bakeoff_suites() -> list[Suite]:
    """The first look, over the datasets that are shipped here."""
    summary = "a first look: techniques for tables and for recommendation, on shipped data, in about a minute"
    return [Suite(name="quick", path="bakeoff_datasets:suites/quick.toml", summary=summary)]


def _dataset(name: str, task: str, summary: str, loader: str | None = None) -> Dataset:
    card = f"bakeoff_datasets:cards/{name}.toml"
    return Dataset(name=name, task=task, card=card, loader=loader, summary=summary)
