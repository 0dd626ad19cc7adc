"""Judged on rows that were not learnt: what a model answers, how good that is, and whether it may pass."""
