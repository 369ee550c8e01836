"""A manifest that ends the process, after saying so on standard output."""

import sys

BAKEOFF_API = 1

print("this line must not stand among results")
sys.exit(0)
