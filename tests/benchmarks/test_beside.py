"""Peers are set beside the product at a threshold that one still stream in a hundred passes."""

import numpy as np

from benchmarks.drift.beside import first_beyond, threshold


def test_one_still_stream_in_a_hundred_passes_the_threshold():
    highest = np.random.default_rng(1).permutation(np.arange(200.0))
    assert np.sum(highest > threshold(highest)) == 2


def test_the_first_window_beyond_the_threshold_is_counted_from_one_and_none_is_for_ever():
    scores = np.array([[1, 5, 9], [1, 1, 1], [7, 1, 8]])
    assert first_beyond(scores, 4.0).tolist() == [2, np.inf, 1]
