"""Engines: where cells are run. `base` is the interface, `local` the worker processes of this machine."""
