"""A manifest that imports a numerical library."""

import numpy as np

from bakeoff.api import Technique, hookimpl

BAKEOFF_API = 1


@hookimpl
def bakeoff_techniques():
    """Sound, if it were not for the import."""
    width = float(np.float64(1.0))
    return [Technique(name="heavy", implementations={"classification": "nowhere:Model"}, params={"w": width})]
