"""Years that happened: each alarm with its date, and beside it what the labels say of the truth. No bar; it is told.

Truth: periods in which the frozen model's log loss was beyond its promise by more than the tolerance. An alarm of the
inputs is right about the inputs, whatever the loss does: the two are told side by side.
"""

from collections.abc import Callable

import numpy as np

from benchmarks.drift import histories
from benchmarks.drift.histories import History
from benchmarks.drift.peers import ABSENT, ask, present
from benchmarks.drift.row import Row
from trimtab.drift import PREDICTION, LabelSums, Verdict, Watch, WatchSettings, count
from trimtab.drift.sums import log_loss

SETTINGS = WatchSettings()
"""The product's defaults: 1 % over the version's life, a tenth of the rows, 0.02 nats."""
_QUICK = 60
_MOST_TOLD = 3


def run(*, quick: bool) -> list[Row]:
    """Replay each; in CI its first sixty windows only."""
    makers: tuple[Callable[[], History | None], ...] = (histories.flights, histories.weather, histories.employment)
    return [_row(history, _QUICK if quick else None) for make in makers if (history := make()) is not None]


def replayed(history: History, most: int | None) -> dict[str, tuple[str, Verdict]]:
    """First alarm of the inputs and of the labels: the window, and the verdict then. Labels come with their window."""
    watch, found = Watch.start(history.profile, SETTINGS), {}
    for window in np.unique(history.windows)[:most]:
        rows = history.windows == window
        columns = {name: column[rows] for name, column in history.columns.items()} | {PREDICTION: history.chances[rows]}
        watch, inputs = watch.fold_data(window, count(history.profile, columns))
        watch, labels = watch.fold_labels(window, LabelSums.of(history.labels[rows], history.chances[rows]))
        for side, verdict in (("inputs", inputs), ("labels", labels)):
            if verdict.drifted:
                found.setdefault(side, (window, verdict))
    return found


def truth(history: History) -> dict[str, float]:
    """Log loss beyond the promise, by period."""
    periods = ((period, history.periods == period) for period in np.unique(history.periods))
    losses = log_loss(history.labels, history.chances)
    return {period: float(losses[at].mean()) - history.promised for period, at in periods}


def _row(history: History, most: int | None) -> Row:
    found = replayed(history, most)
    dates = "; ".join(f"{side}: {found[side][0] if side in found else 'no alarm'}" for side in ("inputs", "labels"))
    notes = {f"what the {side} said": _told(verdict) for side, (_, verdict) in found.items()}
    beyond = {period: round(gap, 4) for period, gap in truth(history).items()}
    worse = [period for period, gap in beyond.items() if gap > SETTINGS.loss_tolerance]
    notes |= {"loss beyond the promise": beyond, "truly worse than tolerated": worse or "never"}
    notes |= {"how late": lateness({side: window for side, (window, _) in found.items()}, history, worse)}
    peers = _peers(history) if present(quick=most is not None) else ABSENT
    return Row(f"real: {history.name}", "told", dates, None, peers, notes)


def lateness(alarms: dict[str, str], history: History, worse: list[str]) -> dict[str, str]:
    """Of each period that was worse, when each side's first alarm came, in windows from the period's first.

    A version is watched until its first alarm, so an alarm before a period is what there is to see of it.
    """
    windows = list(np.unique(history.windows))
    seen = {side: windows.index(alarms[side]) if side in alarms else None for side in ("inputs", "labels")}
    told = {}
    for period in worse:
        within = np.unique(history.windows[history.periods == period])
        start, end = windows.index(within[0]), windows.index(within[-1])
        told[period] = ", ".join(f"{side} {_when(alarm, start, end)}" for side, alarm in seen.items())
    return told


def _when(alarm: int | None, start: int, end: int) -> str:
    if alarm is None or alarm > end:
        return "missed it"
    return f"in window {alarm - start + 1} of it" if alarm >= start else f"before it, by {start - alarm}"


def _told(verdict: Verdict) -> str:
    findings = verdict.findings[:_MOST_TOLD]
    return ", ".join(f"{f.quantity} {f.reference:.3f} → {f.live:.3f} since {f.since}" for f in findings)


def _peers(history: History) -> dict[str, str]:
    """When river's detectors, as they come, first cry over the losses row by row."""
    losses, told = log_loss(history.labels, history.chances), {}
    for detector in ("ADWIN", "PageHinkley"):
        first = ask("river", {"losses": losses[None]}, detector=detector)["first"][0]
        told[f"{detector} on the losses"] = "no alarm" if first is None else str(history.windows[first - 1])
    return told
