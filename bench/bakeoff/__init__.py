"""Bakeoff settles "technique A or technique B?" with numbers.

This package is the core: it finds plugins, plans cells, runs them in isolated workers, keeps records and
sums them up. It holds no technique of its own. Importing it is light: nothing numerical is loaded here.
"""

__version__ = "0.1.0"
