"""A manifest for a plugin API of another number."""

BAKEOFF_API = 999
