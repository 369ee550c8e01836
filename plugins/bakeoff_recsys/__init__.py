"""Recommenders from implicit feedback, built in but written as a stranger would: `manifest` is the way in."""
