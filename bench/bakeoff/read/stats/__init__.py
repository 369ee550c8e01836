"""Small statistics in numpy and `scipy.special`: within a dataset, across datasets, multiplicity, ranks.

Every function says its formula, its assumptions and its source. Nothing here knows a record or a leaderboard.
"""
