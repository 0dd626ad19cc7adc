"""`trimtab drift REFERENCE CURRENT`, in the environment that holds the statistics.

What its options, its answer and its exit status mean: `options.py`, and so `--help`.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from trimtab.compare import console as terminal
from trimtab.compare.decide import Terms
from trimtab.compare.errors import CompareError
from trimtab.compare.options import parser
from trimtab.compare.sweep import Comparison, compare
from trimtab.compare.table import Table

_FAILED, _DRIFTED, _INTERRUPTED = 1, 3, 130


def main(arguments: list[str] | None = None) -> int:
    """Compare, and answer in the ways asked for."""
    asked = parser().parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="trimtab-drift-") as scratch:
            comparison = _compared(asked, Path(scratch))
        _tell(comparison, asked)
        _write(comparison, asked)
    except CompareError as error:
        Console(stderr=True).print(Text(str(error), style="red"), soft_wrap=True)
        return _FAILED
    except KeyboardInterrupt:
        return _INTERRUPTED
    drifted = any(drift.verdict == "Drifted" for drift in comparison.drifts)
    return _DRIFTED if asked.fail_on_drift and drifted else 0


def _compared(asked: argparse.Namespace, scratch: Path) -> Comparison:
    with _progress() as progress:
        task = progress.add_task("reading", total=None)
        tables = Table.open_both(asked.reference, asked.current, scratch)

        def told(done: int, of: int) -> None:
            progress.update(task, description="features", completed=done, total=of)

        terms = Terms(asked.tolerance, asked.false_alarm_rate)
        columns = asked.columns and [name.strip() for name in asked.columns.split(",")]
        return compare(tables, terms, columns=columns, block=asked.block, threads=asked.threads, told=told)


def _tell(comparison: Comparison, asked: argparse.Namespace) -> None:
    if asked.output == "json":
        print(json.dumps(terminal.as_json(comparison), indent=2))  # noqa: T201  # it is the answer
    else:
        terminal.show(comparison, terminal.standard_output(), asked.top)


def _write(comparison: Comparison, asked: argparse.Namespace) -> None:
    for file, write in ((asked.html, _write_page), (asked.png, _write_image)):
        try:
            if file:
                write(comparison, file)
        except OSError as error:
            raise CompareError(f"{file} cannot be written: {error.strerror or error}; name another place") from error


def _write_page(comparison: Comparison, file: Path) -> None:
    from trimtab.compare.page import page  # noqa: PLC0415  # plotly is slow to import and seldom needed

    file.write_text(page(comparison), encoding="utf-8")


def _write_image(comparison: Comparison, file: Path) -> None:
    from trimtab.compare.image import draw  # noqa: PLC0415  # the same of matplotlib

    draw(comparison, file)


def _progress() -> Progress:
    parts = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*parts, console=Console(stderr=True), transient=True)


if __name__ == "__main__":
    status = main()
    if status == _INTERRUPTED:
        os._exit(status)  # columns at work on other threads are not waited for
    sys.exit(status)
