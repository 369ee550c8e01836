"""The metrics: one definition each, vectorised numpy. Nothing here reads data, splits or records.

`specs` says what there is (light); `classification`, `regression` and `topk` compute it.
"""
