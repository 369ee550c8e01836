"""Techniques for tables: baselines, linear models, forests, gradient boosting, an MLP and FT-Transformer.

`manifest.py` registers them; each implementation module is imported only in a worker. `columns.py`,
`design.py`, `ordinal.py`, `quantiles.py` and `learner.py` are the shared way from a data frame to numbers.
The package does not split, score or tune: that is the harness's work.
"""
