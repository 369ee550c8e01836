"""Import an object by its `module:attribute` string. Techniques' strings are followed in workers only."""

from __future__ import annotations

import importlib
from typing import Any


def load_object(path: str) -> Any:
    """Return the attribute (dots allowed) of the module; ImportError or AttributeError as Python raises them."""
    module_name, _, attribute = path.partition(":")
    return follow(importlib.import_module(module_name), attribute)


def follow(target: Any, attribute: str) -> Any:
    """Walk a dotted attribute."""
    for part in attribute.split("."):
        target = getattr(target, part)
    return target
