"""Measure every bar of the drift statistics; print one table, write results.json beside this file.

    make bench-drift                     all of it
    make bench-drift QUICK=1             a tenth, as CI runs it; results.json is left alone
    make bench-drift ROWS=power,merging  some rows; results.json keeps the others

Each module in rows/ is one part, with one function `run(quick) -> list[Row]`; seeds are fixed.
"""

import importlib
import json
import os
import pkgutil
import platform
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.drift import rows
from benchmarks.drift.row import Row

RESULTS = Path(__file__).parent / "results.json"
_MARK = {True: "[green]holds[/]", False: "[red]missed[/]", None: "told"}


def main() -> int:
    """Run what was asked for; the exit status says whether every bar holds."""
    quick, asked = bool(os.environ.get("QUICK")), set(filter(None, os.environ.get("ROWS", "").split(",")))
    parts = {name: measured(name, quick=quick) for name in sorted(asked or registered())}
    show([row for part in parts.values() for row in part["rows"]])
    if not quick:
        save(parts)
    return int(any(row.passed is False for part in parts.values() for row in part["rows"]))


def registered() -> list[str]:
    """Names of all parts."""
    return [module.name for module in pkgutil.iter_modules(rows.__path__)]


def measured(name: str, *, quick: bool) -> dict[str, object]:
    """Run one part, and tell how long it took."""
    print(f"{name} …", file=sys.stderr, flush=True)
    start = time.perf_counter()
    found = importlib.import_module(f"{rows.__name__}.{name}").run(quick=quick)
    return {"seconds": round(time.perf_counter() - start, 1), "rows": found}


def show(found: list[Row]) -> None:
    """Print the table."""
    table = Table("", "bar", "measured", "beside it", "", title="drift")
    for row in found:
        beside = "\n".join(f"{name}: {_short(value)}" for name, value in {**row.peers, **row.notes}.items())
        table.add_row(row.name, row.bar, _short(row.value), beside, _MARK[row.passed])
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def save(parts: dict[str, dict[str, object]]) -> None:
    """Write results.json; parts that were not run keep their rows."""
    kept = json.loads(RESULTS.read_text())["parts"] if RESULTS.exists() else {}
    told = {
        name: {"machine": machine(), "seconds": part["seconds"], "rows": [row.to_json() for row in part["rows"]]}
        for name, part in parts.items()
    }
    RESULTS.write_text(json.dumps({"parts": {**kept, **told}}, indent=1, sort_keys=True) + "\n")


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    return {"cpus": os.cpu_count(), "architecture": platform.machine(), "python": platform.python_version()}


def _short(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main())
