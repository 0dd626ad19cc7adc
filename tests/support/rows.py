"""A folder of Parquet to learn from: `python -m tests.support.rows <folder>`, in the runtime's environment."""

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 800


def write(folder: Path) -> None:
    """Rows whose lateness depends on the delay and, out of alphabetical order, on the carrier."""
    rng = np.random.default_rng(3)
    delay, carrier = rng.normal(0, 1, ROWS), rng.choice(["AA", "B6", "DL", "EV", "UA"], ROWS)
    chance = 1 / (1 + np.exp(-(delay + np.where(np.isin(carrier, ["B6", "EV"]), 3, -3))))
    late = (rng.random(ROWS) < chance).astype(np.int64)
    known = pa.array(delay, mask=rng.random(ROWS) < 0.05)
    named = pa.array(carrier.tolist(), mask=rng.random(ROWS) < 0.05)
    pq.write_table(pa.table({"delay": known, "carrier": named, "late": late}), folder / "part.parquet")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
