"""Rows of windows, kept where a detector tests rows: while a window fills, then until the detector has come to it.

What waits too long is passed over, the oldest first: a detector that is slower than the windows tests some of them.
What it says of the one that it was asked about counts, whether that one waits still or not.
"""

from dataclasses import dataclass
from typing import Any

from trimtab.drift import Profile
from trimtab.drift.reference.sample import Sample
from trimtab.drift.reference.waves import Singles
from trimtab.drift.watching.tested import ROWS, renewed
from trimtab.serving.memory.focus import Focus
from trimtab.serving.memory.store import Json, Store

MOST_WAITING = 32
"""Windows that wait for the detector."""
_PASSED = "passed"


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
    store.raise_tally(_PASSED, focus.stream, store.keep_newest("rows", focus.stream, MOST_WAITING))


@dataclass(frozen=True)
class Waiting:
    """A closed window, and what it is to be compared with."""

    window: str
    profile: Profile
    reference: Singles
    rows: Singles


def next_for_detector(store: Store, focus: Focus) -> Waiting | None:
    """The oldest window that waits; None while there is none."""
    if not focus.detector or focus.profile is None or focus.profile.sample is None:
        return None
    waiting = store.oldest("rows", focus.stream)
    if waiting is None:
        return None
    kept = store.evidence(_reference(focus))
    reference = Sample.from_json(kept) if kept else focus.profile.sample
    return Waiting(waiting[0], focus.profile, reference.rows, Sample.from_json(waiting[1]).rows)


def settle(store: Store, focus: Focus, asked: Waiting, p_values: list[float]) -> None:
    """Weigh what the detector said of a window, and make the next one's reference, as long as all is quiet."""
    watch = focus.watch(store)
    if watch is None:
        return
    watch = watch.fold_tested(asked.window, p_values)
    store.put_evidence(focus.stream, watch.to_json())
    if not watch.data_verdict.consecutive:
        reference = renewed(asked.reference, asked.rows, asked.window)
        store.put_evidence(_reference(focus), Sample.unkeyed(reference).to_json())
    leave(store, focus, asked)


def leave(store: Store, focus: Focus, asked: Waiting) -> None:
    """Keep the rows of a window no longer; one that was passed over while the detector was at it was not."""
    if not store.drop("rows", focus.stream, asked.window):
        store.raise_tally(_PASSED, focus.stream, -1)


def passed_over(store: Store, focus: Focus) -> int | None:
    """How many windows the detector never came to; None where none tests."""
    return store.tally(_PASSED, focus.stream) if focus.detector else None


def _reference(focus: Focus) -> str:
    return f"{focus.stream}/reference"
