"""A version of a model: fetched, proven, loaded, swapped in."""
