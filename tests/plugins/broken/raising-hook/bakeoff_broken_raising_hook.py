"""A registration hook that raises, after another one has answered."""

from bakeoff.api import Technique, hookimpl

BAKEOFF_API = 1


@hookimpl
def bakeoff_techniques():
    """Sound, but not to be seen: a plugin is taken whole or not at all."""
    return [Technique(name="half-registered", implementations={"classification": "nowhere:Nothing"})]


@hookimpl
def bakeoff_datasets():
    """A generator, so that it raises only when it is read."""
    yield from ()
    raise RuntimeError("the hook gave up")
