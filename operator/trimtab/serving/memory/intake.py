"""What the monitor hears, written down: sums by window, and requests until their labels arrive.

What comes for a window that is closed already is late, and left out.
"""

from collections.abc import Iterable

from trimtab.api.inferenceservice import Window
from trimtab.drift import PairedSums, WindowCounts
from trimtab.serving.memory.rows import merged
from trimtab.serving.memory.store import Facts, Kind, Store
from trimtab.serving.oip.feedback import Feedback
from trimtab.serving.tee.messages import Answered, Batch, Compared, Counted, Dropped
from trimtab.serving.window import NUMBERED, next_number


def take(store: Store, batch: Batch, window: Window, now: float) -> bool:
    """Write a batch down; False if it was taken before."""
    if not store.is_new(batch.replica, batch.sequence, now):
        return False
    numbered: dict[str, str] = {}
    for note in batch.notes:
        match note:
            case Counted(stream, name):
                numbered[stream] = name or _number(store, stream, window)
                _count(store, note, numbered[stream])
            case Answered(stream=stream, window=name):
                _answer(store, note, name or numbered[stream], now)
            case Compared():
                _compare(store, note, now)
            case Dropped(pair, rows, request):
                store.raise_tally("dropped", pair, rows)
                store.await_no_more(request)
    return True


def label(store: Store, feedback: Iterable[Feedback], now: float) -> None:
    """Write labels down, also those of requests not heard of yet."""
    for entry in feedback:
        store.put_request(entry.request, {"labels": entry.labels}, now)


def _number(store: Store, stream: str, window: Window) -> str:
    """Name the window that is being filled, or the next one when it is full."""
    newest = store.newest("counts", stream)
    if newest and newest[1] < (window.rows or 1):
        return newest[0]
    return next_number(newest[0] if newest else store.last_closed("counts", stream))


def _count(store: Store, note: Counted, window: str) -> None:
    if _late(store, "counts", note.stream, window):
        return
    known = store.sums("counts", note.stream, window)
    counts = WindowCounts.from_json(known).merge(note.counts) if known else note.counts
    sample = merged(known and known.get("sample"), note.sample)
    store.put_sums("counts", note.stream, window, counts.rows, counts.to_json() | sample)


def _answer(store: Store, note: Answered, window: str, now: float) -> None:
    if not _late(store, "labels", note.stream, window):
        answer: Facts = {
            "stream": note.stream,
            "window": window,
            "champion": note.probabilities,
            "awaited": note.mirrored,
        }
        store.put_request(note.request, answer, now)


def _compare(store: Store, note: Compared, now: float) -> None:
    store.await_no_more(note.request)
    window = store.window_of(note.request) if note.window == NUMBERED else note.window
    if window is None or _late(store, "answers", note.pair, window):
        return
    known = store.sums("answers", note.pair, window)
    sums = PairedSums.from_json(known) + note.sums if known else note.sums
    store.put_sums("answers", note.pair, window, sums.rows, sums.to_json())
    if note.probabilities is not None:
        store.put_request(note.request, {"pair": note.pair, "candidate": note.probabilities}, now)


def _late(store: Store, kind: Kind, key: str, window: str) -> bool:
    closed = store.last_closed(kind, key)
    return closed is not None and window <= closed
