"""The reading wing: from stored records to leaderboards and reports.

It imports neither techniques nor the running wing, so it works on records from anywhere: whatever it needs
to know stands in the segments' headers.
"""

from bakeoff.read.boards import DatasetFacts, DatasetResult, Estimate, Flag, Leaderboard, Row
from bakeoff.read.leaderboard import leaderboards

__all__ = ["DatasetFacts", "DatasetResult", "Estimate", "Flag", "Leaderboard", "Row", "leaderboards"]
