"""Data: cards, sources, fingerprints, splits and how a dataset is shared with workers."""
