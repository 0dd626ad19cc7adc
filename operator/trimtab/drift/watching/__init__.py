"""Has the world drifted? Windows against the reference, for ever."""
