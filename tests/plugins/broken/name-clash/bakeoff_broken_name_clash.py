"""A technique under a name that the toy has; the plugin's own name sorts after the toy's."""

from bakeoff.api import Technique, hookimpl

BAKEOFF_API = 1


@hookimpl
def bakeoff_techniques():
    """A name that is taken."""
    return [
        Technique(name="usurped-never-seen", implementations={"classification": "nowhere:Nothing"}),
        Technique(name="toy-centroid", implementations={"classification": "nowhere:Nothing"}),
    ]
