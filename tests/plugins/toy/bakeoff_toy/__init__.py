"""A little plugin of a stranger; the tests install it with pip. It imports `bakeoff.api` alone."""
