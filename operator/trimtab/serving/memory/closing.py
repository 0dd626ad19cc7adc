"""Windows are closed in order, each once, and weighed: inputs and labels by the watch, pairs by the judge.

A window of inputs or of paired answers closes when it is over (`progress.py`). For labels it closes after that: when
its last row is older than the delay that is allowed, or, where none is said, when labels of a later one arrived. Rows
without a label by then are uncovered.
"""

from collections.abc import Iterable, Sequence

from trimtab.drift import PairedSums, WindowCounts
from trimtab.serving.memory.focus import Focus
from trimtab.serving.memory.labelled import Labelled
from trimtab.serving.memory.progress import End
from trimtab.serving.memory.rows import wait_for_detector
from trimtab.serving.memory.scores import keep_scores
from trimtab.serving.memory.store import Store

PATIENCE = 10.0
"""Seconds that labelled rows wait for the candidate's answer, so that quick labels do not leave it without evidence."""
SMALL = "small_windows"
"""Name of the tally of windows with too few rows to be judged: by their inputs, where these are watched."""


def close_windows(store: Store, focus: Focus, end: End, now: float) -> None:
    """Close what can be closed. Without the profile that is awaited, everything stays open."""
    if focus.blind:
        return
    _close_inputs(store, focus, end, now)
    _close_labels(store, focus, now)
    _close_answers(store, focus, end, now)


def _close_inputs(store: Store, focus: Focus, end: End, now: float) -> None:
    due = store.take_due("counts", focus.stream, end, now)
    keep_scores(store, focus, due)
    if focus.settings.data_tolerance is not None:
        _count_small(store, focus, [sums["rows"] for _, sums in due])
    if focus.detector:
        wait_for_detector(store, focus, due)
        return
    watch = focus.watch(store) if due else None
    if watch is None:
        return
    for window, counts in due:
        watch, _ = watch.fold_data(window, WindowCounts.from_json(counts))
    store.put_evidence(focus.stream, watch.to_json())


def _close_labels(store: Store, focus: Focus, now: float) -> None:
    while (window := store.answers.oldest_window(focus.stream)) and _labels_are_in(store, focus, window, now):
        seen = Labelled.of(store.answers.parts(focus.stream, window), focus.pair)
        store.answers.settle(focus.stream, window)
        store.close_window("labels", focus.stream, window)
        store.raise_tally("rows", focus.stream, seen.rows)
        store.raise_tally("labelled", focus.stream, seen.champion.rows)
        if seen.champion.rows:
            _weigh_labels(store, focus, window, seen)
        if focus.settings.data_tolerance is None:
            _count_small(store, focus, [seen.champion.rows])


def _count_small(store: Store, focus: Focus, rows: Sequence[int]) -> None:
    if small := sum(0 < each < focus.settings.min_rows for each in rows):
        store.raise_tally(SMALL, focus.stream, small)


def _labels_are_in(store: Store, focus: Focus, window: str, now: float) -> bool:
    """Whether a window waits for labels no longer; nor for the candidate, whose answers they weigh as well."""
    over, newest = store.last_closed("counts", focus.stream), store.answers.newest_labelled(focus.stream)
    if over is None or window > over or store.answers.awaits(focus.stream, window, now - PATIENCE):
        return False
    if focus.label_delay is None:
        return newest is not None and window < newest
    return store.answers.last_heard(focus.stream, window) <= now - focus.label_delay


def _close_answers(store: Store, focus: Focus, end: End, now: float) -> None:
    due = store.take_due("answers", focus.pair, end, now) if focus.pair else []
    _judge(store, focus, (PairedSums.from_json(sums) for _, sums in due))


def _weigh_labels(store: Store, focus: Focus, window: str, seen: Labelled) -> None:
    watch = focus.watch(store)
    if watch is not None:
        watch, _ = watch.fold_labels(window, seen.champion)
        store.put_evidence(focus.stream, watch.to_json())
    if seen.pairs.labelled:
        _judge(store, focus, [seen.pairs])


def _judge(store: Store, focus: Focus, blocks: Iterable[PairedSums]) -> None:
    for sums in blocks:
        judge = focus.judge(store)
        if judge is not None and focus.pair is not None:
            store.put_evidence(focus.pair, judge.fold(sums)[0].to_json())
