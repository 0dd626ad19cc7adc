"""Tables of two columns, one of numbers and one of categories, with chosen changes."""

import numpy as np
import pandas as pd

from trimtab.compare import Terms, compare
from trimtab.compare.table import Table


def frame(seed, *, rows=5000, shift=0.0, days=None, day_spread=0.0, missing=0.0, shares=(0.5, 0.3, 0.2)):
    """A frame; `days` blocks of rows of which each has its own mean, spread by `day_spread`."""
    random = np.random.default_rng(seed)
    day = np.arange(rows) % days if days else np.zeros(rows, dtype=int)
    value = random.normal(size=rows) + shift + day_spread * random.normal(size=day.max() + 1)[day]
    value[random.random(rows) < missing] = np.nan
    return pd.DataFrame({"value": value, "kind": random.choice(list("abc"), rows, p=shares), "day": day})


def compared(tmp_path, before, after, terms=None, **asked):
    """Write both as Parquet and compare them; returns the comparison."""
    for name, rows in (("before", before), ("after", after)):
        rows.to_parquet(tmp_path / f"{name}.parquet")
    tables = tuple(Table.open(tmp_path / f"{name}.parquet", tmp_path) for name in ("before", "after"))
    return compare(tables, terms or Terms(), **asked)


def by_name(comparison):
    """Its findings by feature."""
    return {drift.feature: drift for drift in comparison.drifts}
