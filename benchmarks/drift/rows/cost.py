"""What `trimtab drift` costs on tables of three million rows and a thousand features, Evidently beside it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from benchmarks.drift import tables
from benchmarks.drift.peers import ABSENT, ask, present
from benchmarks.drift.row import Row
from benchmarks.drift.tables import Shape

WHOLE, LITTLE = Shape(3_000_000, 900, 100), Shape(100_000, 900, 100)
CORES = 2
MOST_SECONDS, MOST_BYTES = 600.0, 10**9
EVIDENTLY_SECONDS = 600.0
"""As much as we have; it is given ten times the rows until all steps together have taken longer."""


@dataclass(frozen=True)
class Run:
    """One run of the command."""

    seconds: float
    peak: int
    """Most resident memory, in bytes."""
    told: dict[str, Any]


def run(*, quick: bool) -> list[Row]:
    """Write the tables, compare them, throw them away; in CI a thirtieth of the rows, as writing them takes longest."""
    shape = LITTLE if quick else WHOLE
    with written(shape) as files:
        ours = compared(*files)
        peers = _evidently(files) if present(quick=quick) else ABSENT
    return [row(shape, ours, peers)]


def row(shape: Shape, ours: Run, peers: dict[str, Any]) -> Row:
    """Hold a run to the bar; what is fast because it overlooks what moved is missed too."""
    found = {feature["feature"] for feature in ours.told["features"] if feature["verdict"] == "Drifted"}
    notes = {
        "tables": f"2 × {shape.rows:,} rows × {shape.columns:,} features",
        "peak memory, MB": ours.peak // 10**6,
        f"drifted ({len(tables.moved_numbers(shape))} were moved by {tables.MOVED} σ, tolerance 0.05)": len(found),
    }
    passed = ours.seconds <= MOST_SECONDS and ours.peak <= MOST_BYTES and tables.moved_numbers(shape) <= found
    bar = "≤ 600 s and ≤ 1 GB on two cores, all found that moved"
    return Row("cost: two tables compared, s", bar, ours.seconds, passed, peers, notes)


@contextmanager
def written(shape: Shape) -> Iterator[tuple[Path, Path]]:
    """Both tables, for as long as they are needed."""
    with tempfile.TemporaryDirectory(prefix="trimtab-cost-") as folder:
        free = shutil.disk_usage(folder).free
        if free < 2 * shape.bytes:
            raise OSError(f"{folder} has {free / 1e9:.0f} GB free, {2 * shape.bytes / 1e9:.0f} are needed")
        yield tables.write(Path(folder), shape)


def compared(reference: Path, current: Path, program: tuple[str, ...] = ("-m", "trimtab.compare")) -> Run:
    """Run the command as a person would, held to two cores."""
    command = [sys.executable, *program, str(reference), str(current), "-o", "json", "--tolerance", "0.05"]
    start = time.perf_counter()
    with tempfile.TemporaryFile() as answer:
        process = subprocess.Popen(command, stdout=answer, preexec_fn=_two_cores)  # noqa: S603, PLW1509  # no threads here
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        if status:
            raise RuntimeError(f"trimtab drift ended with status {os.waitstatus_to_exitcode(status)}")
        answer.seek(0)
        return Run(seconds, usage.ru_maxrss * 1024, json.load(answer))


def _two_cores() -> None:
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])


def _evidently(files: tuple[Path, Path]) -> dict[str, str]:
    """How long Evidently takes for the numbers of the first rows, by their number."""
    sides = dict(zip(("reference", "current"), map(_first_numbers, files), strict=True))
    told = ask("evidently_table", sides, seconds=EVIDENTLY_SECONDS)
    steps = (f"{int(rows):,} rows in {seconds:.0f} s" for rows, seconds in told["seconds_by_rows"].items())
    return {f"Evidently, {told['columns']:,} numbers": ", ".join(steps)}


def _first_numbers(file: Path) -> np.ndarray:
    """First row group's numbers, (rows, features)."""
    with pq.ParquetFile(file) as table:
        names = [name for name in table.schema_arrow.names if name.startswith("n")]
        group = table.read_row_group(0, names)
    return np.column_stack([column.to_numpy() for column in group.columns])
