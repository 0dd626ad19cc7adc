"""The one screen at the end: every decision with its cause, and the table of AUC by month, told as it is."""

from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from examples.flights.demo.display import row, subject
from examples.flights.demo.result import MODELS, Result

PLAIN: dict[str, Any] = {"box": box.SIMPLE_HEAD, "title_justify": "left", "pad_edge": False}
NARROW: dict[str, Any] = PLAIN | {"box": None, "padding": (0, 1, 0, 0)}  # fits a terminal of 80 columns


def tell(console: Console, result: Result) -> None:
    """Print the story of a run."""
    console.print(_decisions(result))
    console.print(_auc(result))
    console.print(_summary(result), highlight=False)


def _decisions(result: Result) -> Table:
    table = Table(
        "day", "decision", "of", "why, with the numbers", title="Decisions, none of them by a person", **PLAIN
    )
    for decision in result.decisions:
        about = subject(decision["action"], decision["version"], decision["run"])
        table.add_row(*row(decision["day"], decision["action"], about, decision["message"]))
    return table


def _auc(result: Result) -> Table:
    table = Table(
        "AUC", *(month.removeprefix("2013-") for month in result.months), "mean", title="AUC by month", **NARROW
    )
    for model in MODELS:
        months = (result.auc[model].get(month) for month in result.months)
        cells = [f"{auc:.3f}" if auc is not None else "–" for auc in months]
        table.add_row(model, *cells, f"{result.means[model]:.4f}")
    return table


def _summary(result: Result) -> str:
    means = result.means
    gain, most = means["trimtab"] - means["frozen"], means["oracle"] - means["frozen"]
    return (
        f"trimtab {means['trimtab']:.4f}, {gain:+.4f} on the frozen model; the oracle, which retrains on the first of "
        f"each month without asking whether it helps, {most:+.4f}.\n"
        f"{result.retrainings} retrainings, {result.promotions} promotions, {result.rejections} refused; "
        f"{result.tally.sent} requests, {result.tally.failed} failed; {result.seconds:.0f} s, "
        f"of which replayed time stood still for {result.stood_still:.0f} s while models were trained and loaded."
    )
