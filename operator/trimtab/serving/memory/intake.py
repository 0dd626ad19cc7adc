"""What the monitor hears, written down: sums by window, and answers until their labels arrive.

What comes for a window that is closed already is late, and left out; all that is left out is counted.
"""

from collections import Counter
from collections.abc import Iterable

from trimtab.drift import PairedSums, WindowCounts
from trimtab.serving.memory.answers import Request
from trimtab.serving.memory.focus import Focus
from trimtab.serving.memory.rows import merged
from trimtab.serving.memory.store import Kind, Store
from trimtab.serving.oip.feedback import Feedback, Receipt
from trimtab.serving.tee.messages import Answered, Batch, Compared, Counted, Dropped, Omitted
from trimtab.serving.window import NUMBERED, next_number


def take(store: Store, batch: Batch, focus: Focus, now: float) -> bool:
    """Write a batch down; False if it was taken before."""
    if not store.is_new(batch.replica, batch.sequence, now):
        return False
    numbered: dict[str, str] = {}
    for note in batch.notes:
        match note:
            case Counted(stream, name):
                numbered[stream] = name or _number(store, "counts", stream, focus, now)
                _count(store, note, numbered[stream], now)
            case Answered(stream=stream, window=name) if focus.uses_labels:
                _answer(store, note, name or numbered[stream], now)
            case Compared():
                _compare(store, note, focus, now)
            case Dropped(pair, rows, stream, request):
                store.raise_tally("dropped", pair, rows)
                store.answers.await_no_more(request, stream)
            case Omitted(stream, reason, count):
                store.raise_tally(reason, stream, count)
    return True


def label(store: Store, feedback: Iterable[Feedback], focus: Focus, now: float) -> Receipt:
    """Write labels down, for a while also those of requests not heard of yet."""
    if not focus.uses_labels:
        return Receipt(unused=len(list(feedback)))
    return Receipt(**Counter(_file(store, entry, focus.stream, now) for entry in feedback))


def _file(store: Store, entry: Feedback, stream: str, now: float) -> str:
    """Put labels to their request; names what became of them as `Receipt` does."""
    found = store.answers.find(entry.request)
    if found is not None:
        return "accepted" if _fitted(store, entry.request, *found, entry.labels) else "misfit"
    match store.answers.was_labelled(entry.request):
        case None:
            store.answers.put_early(entry.request, entry.labels, now)
            return "unknown"
        case False:
            store.raise_tally("late_labels", stream, 1)
            return "late"
    return "accepted"


def _number(store: Store, kind: Kind, key: str, focus: Focus, now: float) -> str:
    """Name the window that is being filled, or the next one when it has its rows and is as long as a block."""
    newest = store.newest(kind, key)
    if newest is None:
        return next_number(store.last_closed(kind, key))
    window, rows = newest
    full = rows >= (focus.plan.monitoring.window.rows or 1) and not focus.blind
    over = now - store.began(kind, key, window) >= focus.block_seconds
    return next_number(window) if full and over else window


def _count(store: Store, note: Counted, window: str, now: float) -> None:
    if _late(store, "counts", note.stream, window):
        store.raise_tally("late_rows", note.stream, note.counts.rows)
        return
    known = store.sums("counts", note.stream, window)
    counts = WindowCounts.from_json(known).merge(note.counts) if known else note.counts
    sample = merged(known and known.get("sample"), note.sample)
    store.put_sums("counts", note.stream, window, counts.rows, counts.to_json() | sample)
    store.hear("counts", note.stream, window, note.requests, now)


def _answer(store: Store, note: Answered, window: str, now: float) -> None:
    if _late(store, "labels", note.stream, window):
        store.answers.put_past(note.request)
        return
    kept = store.answers.put(note.request, note.stream, window, note.probabilities, now, awaited=note.mirrored)
    if not kept:
        store.raise_tally("repeated_ids", note.stream, 1)
    elif early := store.answers.take_early(note.request):
        _fitted(store, note.request, note.stream, Request(note.probabilities), early)


def _fitted(store: Store, request: str, stream: str, known: Request, labels: bytes) -> bool:
    """Put labels to an answer if it has as many rows."""
    if len(labels) != known.rows:
        store.raise_tally("misfit_labels", stream, 1)
        return False
    store.answers.put_labels(request, stream, labels)
    return True


def _compare(store: Store, note: Compared, focus: Focus, now: float) -> None:
    """Add answers up by windows of their own: where these are numbered, a request that failed has none but this."""
    if note.probabilities is None:
        store.answers.await_no_more(note.request, note.stream)
    else:
        store.answers.put_candidate(note.request, note.stream, note.pair, note.probabilities)
    window = _number(store, "answers", note.pair, focus, now) if note.window == NUMBERED else note.window
    if _late(store, "answers", note.pair, window):
        return
    known = store.sums("answers", note.pair, window)
    sums = PairedSums.from_json(known) + note.sums if known else note.sums
    store.put_sums("answers", note.pair, window, sums.rows, sums.to_json())
    store.hear("answers", note.pair, window, 1, now)


def _late(store: Store, kind: Kind, key: str, window: str) -> bool:
    closed = store.last_closed(kind, key)
    return closed is not None and window <= closed
