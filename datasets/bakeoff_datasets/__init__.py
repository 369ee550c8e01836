"""Bakeoff's datasets: cards, shipped data, and loaders for what may not be shipped.

It is written as by a stranger: from the core it imports `bakeoff.api` alone.
"""
