"""What is seen while the replay runs: a live screen on a terminal, plain lines elsewhere."""

from datetime import date
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from examples.flights.demo.watch import Moment

COLOURS = {
    "Deployed": "blue",
    "Promoted": "green",
    "Rejected": "red",
    "Retrain": "yellow",
    "Shadowed": "cyan",
}
LAST = 8  # decisions shown


class Screen:
    """The live screen of a terminal; a context, so that the terminal is given back."""

    def __init__(self, console: Console) -> None:
        self._live = Live(console=console, refresh_per_second=4, transient=True)

    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    def __exit__(self, *raised: object) -> None:
        self._live.stop()

    def show(self, moment: Moment) -> None:
        """Draw a moment."""
        self._live.update(drawn(moment))


class Lines:
    """Plain lines for a log: decisions, why time stands still, the AUC of each month."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._still: str | None = None
        self._month: tuple[int, int] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        """Nothing to give back."""

    def show(self, moment: Moment) -> None:
        """Print what is new in a moment."""
        for entry in moment.new:
            self._say(moment.day, f"{entry.action} {subject(entry.action, entry.version, entry.run)}: {entry.message}")
        if moment.still and moment.still != self._still:
            self._say(moment.day, f"time stands still: {moment.still}")
        self._still = moment.still
        month = (moment.day.year, moment.day.month)
        if month != self._month and moment.record.months:
            self._say(moment.day, "AUC so far " + ", ".join(f"{m} {v:.3f}" for m, v in moment.record.months.items()))
        self._month = month

    def _say(self, day: date, text: str) -> None:
        self._console.print(f"{day:%d %b}  {text}", highlight=False, markup=False, soft_wrap=True)


def drawn(moment: Moment) -> RenderableType:
    """A moment as a screen."""
    return Group(Panel(_head(moment), title="trimtab · flights out of New York, 2013"), decisions(moment), _auc(moment))


def subject(action: str, version: str | None, run: str | None) -> str:
    """What a decision is about: the run it started, else the version."""
    return (run if action == "Retrain" else version) or run or version or ""


def row(day: str, action: str, about: str, message: str) -> tuple[RenderableType, ...]:
    """One decision as a row of a table."""
    return day, Text(action, style=COLOURS.get(action, "")), about, Text(message)


def decisions(moment: Moment) -> Table:
    """The last decisions."""
    table = Table("day", "decision", "of", "why", expand=True, box=None, title="last decisions", title_justify="left")
    for day, entry in moment.record.decisions[-LAST:]:
        about = subject(entry.action, entry.version, entry.run)
        table.add_row(*row(f"{day:%d %b}", entry.action, about, entry.message))
    return table


def _head(moment: Moment) -> Table:
    service, table = moment.world.service, Table.grid(padding=(0, 3))
    shadow = service.shadow
    evidence = f"{shadow.version} ({shadow.requests} rows, {shadow.labelled} labelled)" if shadow else "–"
    table.add_row("day", f"{moment.day:%A %d %B}", "champion", moment.world.champion or "–")
    table.add_row("time", moment.still or "goes on", "shadow", evidence)
    table.add_row("drift", _verdict(moment), "requests", f"{moment.tally.sent} sent, {moment.tally.failed} failed")
    return table


def _verdict(moment: Moment) -> str:
    drift = moment.world.service.drift
    if drift is None:
        return "–"
    strongest = f": {drift.findings[0].quantity}" if drift.findings and drift.verdict != "Stable" else ""
    return f"{drift.verdict} after {drift.windows} windows{strongest}"


def _auc(moment: Moment) -> Table:
    table = Table(*moment.record.months, box=None, title="AUC so far", title_justify="left")
    table.add_row(*(f"{auc:.3f}" for auc in moment.record.months.values()))
    return table
