"""Is the candidate better? Two versions on the same rows."""
