"""A manifest that is no Python."""

BAKEOFF_API = 1

def bakeoff_techniques(:
    return []
