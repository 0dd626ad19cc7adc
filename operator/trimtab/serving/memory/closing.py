"""Windows are closed in order, each once, and weighed: inputs and labels by the watch, pairs by the judge.

A window of inputs or of paired answers closes when a later one is heard of, a labelled one when labels of a later one
arrived. Rows without a label by then are uncovered.
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from trimtab.drift import LabelSums, PairedSums, WindowCounts
from trimtab.serving.memory.focus import Focus
from trimtab.serving.memory.rows import wait_for_detector
from trimtab.serving.memory.scores import keep_scores
from trimtab.serving.memory.store import Request, Store

PATIENCE = 10.0
"""Seconds that labelled rows wait for the candidate's answer, so that quick labels do not leave it without evidence."""


def close_windows(store: Store, focus: Focus, now: float) -> None:
    """Close what can be closed. Without the profile that is awaited, everything stays open."""
    if focus.blind:
        return
    _close_inputs(store, focus)
    _close_labels(store, focus, now - PATIENCE)
    _close_answers(store, focus)


def _close_inputs(store: Store, focus: Focus) -> None:
    due = store.take_due("counts", focus.stream)
    keep_scores(store, focus, due)
    if focus.detector:
        wait_for_detector(store, focus, due)
        return
    watch = focus.watch(store) if due else None
    if watch is None:
        return
    for window, counts in due:
        watch, _ = watch.fold_data(window, WindowCounts.from_json(counts))
    store.put_evidence(focus.stream, watch.to_json())


def _close_labels(store: Store, focus: Focus, since: float) -> None:
    for window in store.labelled_windows(focus.stream):
        if store.awaits(focus.stream, window, since):
            return
        requests = store.take_requests(focus.stream, window)
        store.close_window("labels", focus.stream, window)
        labelled = [request for request in requests if _fits(request)]
        _tally(store, focus.stream, requests, labelled)
        if labelled:
            _weigh_labels(store, focus, window, labelled)


def _close_answers(store: Store, focus: Focus) -> None:
    due = store.take_due("answers", focus.pair) if focus.pair else []
    _judge(store, focus, (PairedSums.from_json(sums) for _, sums in due))


def _weigh_labels(store: Store, focus: Focus, window: str, requests: list[Request]) -> None:
    watch = focus.watch(store)
    if watch is not None:
        watch, _ = watch.fold_labels(window, LabelSums.of(_labels(requests), _floats(r.champion for r in requests)))
        store.put_evidence(focus.stream, watch.to_json())
    paired = [
        r for r in requests if r.candidate is not None and r.pair == focus.pair and len(r.candidate) == len(r.champion)
    ]
    if paired:
        champion, candidate = (_floats(r.champion for r in paired), _floats(r.candidate or b"" for r in paired))
        _judge(store, focus, [PairedSums.of_labels(_labels(paired), champion, candidate)])


def _judge(store: Store, focus: Focus, blocks: Iterable[PairedSums]) -> None:
    for sums in blocks:
        judge = focus.judge(store)
        if judge is not None and focus.pair is not None:
            store.put_evidence(focus.pair, judge.fold(sums)[0].to_json())


def _tally(store: Store, stream: str, requests: list[Request], labelled: list[Request]) -> None:
    store.raise_tally("rows", stream, sum(map(_rows, requests)))
    store.raise_tally("labelled", stream, sum(map(_rows, labelled)))


def _fits(request: Request) -> bool:
    """Whether a request has one label for each of its rows."""
    return request.labels is not None and len(request.labels) == _rows(request)


def _rows(request: Request) -> int:
    return len(request.champion) // np.dtype(np.float32).itemsize


def _labels(requests: Iterable[Request]) -> npt.NDArray[np.uint8]:
    return np.frombuffer(b"".join(request.labels or b"" for request in requests), dtype=np.uint8)


def _floats(answers: Iterable[bytes]) -> npt.NDArray[np.float32]:
    return np.frombuffer(b"".join(answers), dtype=np.float32)
