"""Detectors of alibi-detect, asked in an environment of their own about rows that the monitor keeps for them."""
