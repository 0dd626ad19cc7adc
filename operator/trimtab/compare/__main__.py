"""`trimtab drift REFERENCE CURRENT`, in the environment that holds the statistics.

Exit status: 0 when the tables could be compared, whatever came out; 1 when not; 2 for a wrong command line.
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
from trimtab.compare.sweep import Comparison, compare
from trimtab.compare.table import Table


def main(arguments: list[str] | None = None) -> int:
    """Compare, and answer in the ways asked for."""
    asked = _parser().parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="trimtab-drift-") as scratch:
            comparison = _compared(asked, Path(scratch))
    except CompareError as error:
        Console(stderr=True).print(Text(str(error), style="red"), soft_wrap=True)
        return 1
    _answer(comparison, asked)
    return 0


def _compared(asked: argparse.Namespace, scratch: Path) -> Comparison:
    with _progress() as progress:
        task = progress.add_task("reading", total=None)
        tables = Table.open(asked.reference, scratch), Table.open(asked.current, scratch)

        def told(done: int, of: int) -> None:
            progress.update(task, description="features", completed=done, total=of)

        terms = Terms(asked.tolerance, asked.false_alarm_rate)
        columns = asked.columns and [name.strip() for name in asked.columns.split(",")]
        return compare(tables, terms, columns=columns, block=asked.block, threads=asked.threads, told=told)


def _answer(comparison: Comparison, asked: argparse.Namespace) -> None:
    if asked.html:
        from trimtab.compare.page import page  # noqa: PLC0415  # plotly is slow to import and seldom needed

        asked.html.write_text(page(comparison))
    if asked.png:
        from trimtab.compare.image import draw  # noqa: PLC0415  # the same of matplotlib

        draw(comparison, asked.png)
    if asked.output == "json":
        print(json.dumps(terminal.as_json(comparison), indent=2))  # noqa: T201  # it is the answer
    else:
        terminal.show(comparison, Console(), asked.top)


def _progress() -> Progress:
    parts = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*parts, console=Console(stderr=True), transient=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="trimtab drift", description="Compare two tables (CSV or Parquet): what has drifted, how far, how surely."
    )
    add = parser.add_argument
    add("reference", type=Path, help="the table that is known to be right", metavar="REFERENCE")
    add("current", type=Path, help="the table that is asked about", metavar="CURRENT")
    add("--columns", metavar="A,B", help="compare these only; default: all that both have")
    add("--block", metavar="COLUMN", help="rows of one value here (a day) depend on one another: one observation each")
    add("--tolerance", type=_share, default=0.1, help="how far a share of rows may move (default: %(default)s)")
    add("--false-alarm-rate", type=_share, default=0.01, help="over all features at once (default: %(default)s)")
    add("--top", type=int, default=20, help="features in the table (default: %(default)s)")
    add("--html", type=_writable, metavar="FILE", help="write a report with plots, complete in itself")
    add("--png", type=_writable, metavar="FILE", help="write the plots as an image")
    add("-o", "--output", choices=("table", "json"), default="table", help="what is printed (default: %(default)s)")
    add("--threads", type=int, default=min(os.cpu_count() or 1, 8), help="columns at a time (default: %(default)s)")
    return parser


def _share(text: str) -> float:
    value = float(text)
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text} does not lie between 0 and 1")
    return value


def _writable(text: str) -> Path:
    path = Path(text)
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {path.parent}")
    return path


if __name__ == "__main__":
    sys.exit(main())
