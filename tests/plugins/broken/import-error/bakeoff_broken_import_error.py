"""A manifest that imports what is not there."""

import bakeoff_broken_nowhere_to_be_found

BAKEOFF_API = 1
