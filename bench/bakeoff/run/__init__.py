"""The running wing: from a suite file to records. It knows nothing of leaderboards."""
