"""Rows with numbers, texts and gaps, and the context a training function gets of them."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before scikit-learn: threads that wait for one another cost seconds

import numpy as np
import pandas as pd
import pytest

from trimtab.training.context import Context

ROWS = 1000


@pytest.fixture(scope="session")
def columns():
    rng = np.random.default_rng(5)
    delay, wind = rng.normal(size=(2, ROWS)).astype(np.float32)
    wind[rng.random(ROWS) < 0.2] = np.nan
    carrier = rng.choice(["AA", "B6", "DL", "EV", "UA", ""], ROWS).astype(object)
    return {"delay": delay, "wind": wind, "carrier": carrier}


@pytest.fixture(scope="session")
def labels(columns):
    rng = np.random.default_rng(6)
    score = columns["delay"] + np.nan_to_num(columns["wind"]) + np.isin(columns["carrier"], ["B6", "EV"]) * 2 - 1
    return (rng.random(ROWS) < 1 / (1 + np.exp(-2 * score))).astype(np.int64)


@pytest.fixture(scope="session")
def context():
    return Context(7, 1, "late", ("delay", "wind", "carrier"), ("delay", "wind"), ("carrier",))


@pytest.fixture(scope="session")
def numbers_only():
    return Context(7, 1, "late", ("delay", "wind"), ("delay", "wind"), ())


@pytest.fixture(scope="session")
def frame(columns, labels):
    return pd.DataFrame({**columns, "late": labels})
