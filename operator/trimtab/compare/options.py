"""The command line of `trimtab drift`, and what its answer means in `--help`."""

import argparse
import os
from pathlib import Path

from trimtab.compare.decide import MIN_ROWS
from trimtab.compare.together import LEAST_P

_MEANING = f"""\
verdicts, each of all shares of rows: at or below a decile of the reference, of a category, missing
  Drifted    one of them surely moved by more than the tolerance
  Stable     all of them surely moved by less
  Unknown    neither is sure: more rows, or a wider --tolerance, would tell,
             or a column has too many categories to watch them one by one
  CERTAINTY is the chance, at least, that the verdict is right, with all features taken together. Where fewer than
  {MIN_ROWS} rows have a value on either side, only the share missing is judged.

numbers together
  The p-value of "the numbers, as whole rows, come from one distribution": small where they depend on one another
  otherwise than before, which no feature shows by itself. It is told beside the verdicts and decides nothing: among
  many rows it is small for changes that are not worth acting on. The least it can be is {LEAST_P:g}.

distances
  σ          numbers: Wasserstein's, in standard deviations of the reference (told from its quartiles)
  JS         categories: Jensen-Shannon's, from 0 (the same shares) to 1 (nothing in common)

files
  Parquet and CSV are told apart by their first bytes. A CSV is UTF-8, may be packed by gzip, has a line of names, and
  its columns are parted by comma, semicolon, tab or |; beside semicolons 1,5 is a number. Dates and nested columns are
  not compared. Infinite numbers and empty texts count as missing. In a CSV, NA, null and nan are missing among
  numbers, and texts among texts. A flag and the texts true and false, in any case, are the same.

exit status
  0    the tables were compared, whatever came out
  1    they could not be compared, or the report not written
  2    wrong command line
  3    with --fail-on-drift: a feature drifted
  130  interrupted
"""


def parser() -> argparse.ArgumentParser:
    """Say what may be asked."""
    made = argparse.ArgumentParser(
        prog="trimtab drift",
        description="Compare two tables (CSV or Parquet): what has drifted, how far, how surely.",
        epilog=_MEANING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_what_is_compared(made)
    _add_how_it_is_told(made)
    return made


def _add_what_is_compared(made: argparse.ArgumentParser) -> None:
    add, threads = made.add_argument, min(os.cpu_count() or 1, 8)
    add("reference", type=Path, help="the table that is known to be right", metavar="REFERENCE")
    add("current", type=Path, help="the table that is asked about", metavar="CURRENT")
    add("--columns", metavar="A,B", help="compare these only; default: all that both have")
    add("--block", metavar="COLUMN", help="rows of one value here (a day) depend on one another: one observation each")
    add("--tolerance", type=_share, default=0.1, help="how far a share of rows may move (default: %(default)s)")
    add("--false-alarm-rate", type=_share, default=0.01, help="over all features at once (default: %(default)s)")
    add("--threads", type=_positive, default=threads, help="columns at a time (default: %(default)s)")


def _add_how_it_is_told(made: argparse.ArgumentParser) -> None:
    add = made.add_argument
    add("--top", type=_positive, default=20, help="features in the table (default: %(default)s)")
    add("--html", type=_writable, metavar="FILE", help="write a report with plots, complete in itself")
    add("--png", type=_writable, metavar="FILE", help="write the plots as an image")
    add("-o", "--output", choices=("table", "json"), default="table", help="what is printed (default: %(default)s)")
    add("--fail-on-drift", action="store_true", help="exit status 3 when a feature drifted")


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number between 0 and 1, such as 0.05")
    return value


def _positive(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on")
    return int(text)


def _writable(text: str) -> Path:
    path = Path(text)
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {path.parent}; make it, or name another")
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"{path} is a folder; name a file in it")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise argparse.ArgumentTypeError(f"{path} may not be written by you; name another place")
    return path
