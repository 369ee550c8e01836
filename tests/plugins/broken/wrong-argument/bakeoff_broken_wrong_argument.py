"""A hook with an argument that the hook does not have."""

from bakeoff.api import hookimpl

BAKEOFF_API = 1


@hookimpl
def bakeoff_cell_finished(cell):
    """The argument is called record."""
