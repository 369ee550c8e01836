"""Find plugins, load their manifests one by one, and hand on a catalogue of what they registered.

It never imports an implementation, and no plugin, however broken, stops it: see `load.py`. The order of work is
scan (metadata) -> choose (allow, deny, clashes) -> load (import, API number, hooks) -> catalog.
"""

from bakeoff.discovery.catalog import Catalog
from bakeoff.discovery.discover import discover, load_catalog
from bakeoff.discovery.info import PluginInfo, Registered
from bakeoff.discovery.requirements import install_line, missing_requirements
from bakeoff.discovery.selection import Selection

__all__ = [
    "Catalog",
    "PluginInfo",
    "Registered",
    "Selection",
    "discover",
    "install_line",
    "load_catalog",
    "missing_requirements",
]
