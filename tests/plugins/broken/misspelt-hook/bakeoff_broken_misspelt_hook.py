"""A hook that does not exist."""

from bakeoff.api import hookimpl

BAKEOFF_API = 1


@hookimpl
def bakeoff_technics():
    """The word is techniques."""
    return []
