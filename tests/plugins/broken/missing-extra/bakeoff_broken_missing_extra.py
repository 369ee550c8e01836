"""A technique whose library is not installed."""

from bakeoff.api import Technique, hookimpl

BAKEOFF_API = 1


@hookimpl
def bakeoff_techniques():
    """Unavailable until the extra is there."""
    return [
        Technique(
            name="needs-an-extra",
            implementations={"classification": "bakeoff_broken_nowhere:Model"},
            requires=("bakeoff-broken-nowhere",),
            install="pip install 'bakeoff-broken-missing-extra[nowhere]'",
        )
    ]
