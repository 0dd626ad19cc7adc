"""Rows of windows, kept where a detector tests rows: while a window fills, then until the detector has come to it.

What waits too long is forgotten, the oldest first: a detector that is slower than the windows tests some of them.
"""

from typing import Any

from trimtab.drift.sample import Sample
from trimtab.drift.tested import ROWS, renewed
from trimtab.drift.waves import Singles
from trimtab.serving.memory.focus import Focus
from trimtab.serving.memory.store import Json, Store

MOST_WAITING = 32
"""Windows that wait for the detector."""


def merged(known: Json | None, heard: Sample | None) -> dict[str, Any]:
    """Put what is known of a window's rows, and what was heard now, together: under `sample`, if there is anything."""
    if heard is None:
        return {"sample": known} if known else {}
    return {"sample": (Sample.from_json(known).merge(heard, ROWS) if known else heard).to_json()}


def wait_for_detector(store: Store, focus: Focus, due: list[tuple[str, Json]]) -> None:
    """Keep the rows of closed windows for the detector, if there are enough of them."""
    least = focus.settings.min_rows
    for window, sums in due:
        if sums["rows"] >= least and "sample" in sums:
            store.put_sums("rows", focus.stream, window, sums["rows"], sums["sample"])
    store.keep_newest("rows", focus.stream, MOST_WAITING)


def next_for_detector(store: Store, focus: Focus) -> tuple[str, Singles, Singles] | None:
    """Name, reference and rows of the oldest window that waits; None while there is none."""
    waiting = store.oldest("rows", focus.stream)
    if waiting is None or focus.profile is None or focus.profile.sample is None:
        return None
    window, sample = waiting
    kept = store.evidence(_reference(focus))
    reference = Sample.from_json(kept) if kept else focus.profile.sample
    return window, reference.rows, Sample.from_json(sample).rows


def settle(store: Store, focus: Focus, window: str, p_values: list[float]) -> None:
    """Weigh what the detector said of the window, and make the next one's reference, as long as all is quiet."""
    found, watch = next_for_detector(store, focus), focus.watch(store)
    if found is None or watch is None or found[0] != window:
        return
    watch = watch.fold_tested(window, p_values)
    store.put_evidence(focus.stream, watch.to_json())
    if not watch.data_verdict.consecutive:
        _, reference, rows = found
        store.put_evidence(_reference(focus), Sample.unkeyed(renewed(reference, rows, window)).to_json())
    store.drop("rows", focus.stream, window)


def _reference(focus: Focus) -> str:
    return f"{focus.stream}/reference"
