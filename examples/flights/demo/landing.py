"""The data folder: a Parquet file for each day, there whole or not at all."""

from datetime import date
from pathlib import Path

import pandas as pd


def land(rows: pd.DataFrame, day: date, folder: Path) -> Path:
    """Put the rows of a day into the folder; a reader never sees half a file."""
    folder.mkdir(parents=True, exist_ok=True)
    half = folder.parent / f".{day}.parquet"  # beside the folder: the same file system, out of a reader's sight
    rows.to_parquet(half, index=False)
    path = folder / f"{day}.parquet"
    half.replace(path)
    return path
