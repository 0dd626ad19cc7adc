"""Two big Parquet tables, written row group by row group: numbers (in 64ths) and categories, a few of them moved."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

GROUP = 100_000
NAMES = pa.array([f"value {at}" for at in range(20)])
MOVED = 0.25
"""σ by which the first tenth of the numbers moves in the current table (`moved_numbers`)."""
BYTES_A_VALUE = 1.5
"""On disk, at most."""


@dataclass(frozen=True)
class Shape:
    """Rows and columns of each of the two tables."""

    rows: int
    numbers: int
    categories: int

    @property
    def columns(self) -> int:
        return self.numbers + self.categories

    @property
    def bytes(self) -> int:
        """What both take on disk, roughly."""
        return int(2 * self.rows * self.columns * BYTES_A_VALUE)


def write(folder: Path, shape: Shape) -> tuple[Path, Path]:
    """Write the reference and the current table."""
    files = folder / "reference.parquet", folder / "current.parquet"
    for seed, file in enumerate(files):
        random = np.random.default_rng(seed)
        with pq.ParquetWriter(file, _group(shape, 1, random, moved=0.0).schema) as writer:
            for start in range(0, shape.rows, GROUP):
                moved = MOVED * seed
                writer.write_table(_group(shape, min(GROUP, shape.rows - start), random, moved=moved))
    return files


def moved_numbers(shape: Shape) -> set[str]:
    """Names of the features that move."""
    return {f"n{at}" for at in range(shape.numbers // 10)}


def _group(shape: Shape, rows: int, random: np.random.Generator, *, moved: float) -> pa.Table:
    columns: dict[str, pa.Array] = {}
    moving = moved_numbers(shape)
    for at in range(shape.numbers):
        values = random.standard_normal(rows, dtype=np.float32) + np.float32(moved * (f"n{at}" in moving))
        columns[f"n{at}"] = pa.array(np.round(values * 64) / np.float32(64))
    for at in range(shape.categories):
        codes = np.minimum(random.standard_exponential(rows, dtype=np.float32) * 4, len(NAMES) - 1).astype(np.int8)
        columns[f"c{at}"] = pa.DictionaryArray.from_arrays(codes, NAMES)
    return pa.table(columns)
