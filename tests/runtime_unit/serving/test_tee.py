import asyncio

import numpy as np
import pytest

from tests.support.models import draw, make_plan
from trimtab.api.inferenceservice import Shadow
from trimtab.drift import PREDICTION, PairedSums, Profile, count
from trimtab.serving.evidence import Keys, name_of
from trimtab.serving.tee.lane import MOST_BYTES, Lane
from trimtab.serving.tee.messages import Answered, Compared, Counted, Dropped, Omitted, Shadowed
from trimtab.serving.tee.mirror import Mirror, compare
from trimtab.serving.tee.seen import Seen
from trimtab.serving.tee.teller import Teller, notes_of
from trimtab.serving.version.artifacts import fetch_profile


@pytest.fixture(scope="module")
def profile(versions) -> Profile:
    return fetch_profile(versions["1.0.0"].profile)


@pytest.fixture
def see(versions, profile):
    """Make a request that was answered: all rows with the same probability."""

    def make(request="a", window="w1", rows=2, probability=0.9):
        inputs = {name: values.reshape(-1, 1) for name, values in draw(rows, seed=rows)[0].items()}
        known = None if probability is None else np.full(rows, probability, dtype=np.float32)
        return Seen(request, "stream", window, versions["1.0.0"], profile, inputs, known)

    return make


# ---------------------------------------------------------------- lane
async def test_a_lane_works_in_order_in_batches():
    batches = []

    async def work(items):
        batches.append(items)

    lane = Lane(work, batch=2, pause=0)
    assert [lane.put(number, 1) for number in range(5)] == [True] * 5
    await lane.drained()
    assert batches == [[0, 1], [2, 3], [4]]


async def test_a_full_lane_takes_no_more_by_number_or_by_size():
    async def work(_items):
        await asyncio.sleep(3600)

    lane = Lane(work, batch=1, pause=0)
    lane.most = 2
    assert [lane.put(number, 1) for number in range(3)] == [True, True, False]
    other = Lane(work, batch=1, pause=0)
    assert [other.put(0, MOST_BYTES), other.put(1, 1)] == [True, False]
    lane.close()
    other.close()


async def test_a_lane_does_not_gather_while_a_batch_is_full():
    batches = []

    async def work(items):
        batches.append(items)

    lane = Lane(work, batch=2, pause=3600)
    for number in range(5):
        lane.put(number, 1)
    async with asyncio.timeout(10):
        while len(batches) < 2:
            await asyncio.sleep(0)
    assert batches == [[0, 1], [2, 3]]
    lane.close()


async def test_an_empty_lane_takes_what_is_larger_than_it():
    async def work(_items):
        await asyncio.sleep(3600)

    lane = Lane(work, batch=1, pause=0)
    assert [lane.put(0, MOST_BYTES + 1), lane.put(1, 1)] == [True, False]
    lane.close()


async def test_a_lane_outlives_a_batch_that_fails():
    done = []

    async def work(items):
        if items == [0]:
            raise RuntimeError("once")
        done.extend(items)

    lane = Lane(work, batch=1, pause=0)
    lane.put(0, 1)
    lane.put(1, 1)
    await lane.drained()
    assert done == [1]


# ---------------------------------------------------------------- mirror
async def mirrored(versions, ask, seen, **shadow):
    """What is told of requests that were mirrored to a candidate that answers by `ask`."""
    told = []
    candidate = versions["1.1.0"]
    mirror = Mirror(ask, told.append)
    mirror.configure(Shadow(**shadow), candidate, Keys.of(make_plan(versions["1.0.0"], candidate)))
    for item in seen:
        mirror.put(item)
    await mirror.drained()
    return told


async def test_answers_are_compared_row_by_row(versions, see):
    async def ask(requests):
        return Shadowed(name_of(versions["1.1.0"]), [np.full(2, 0.1, dtype=np.float32) for _ in requests])

    told = await mirrored(versions, ask, [see("a"), see("b")])
    assert [(note.request, note.sums.rows, note.sums.disagreements) for note in told] == [("a", 2, 2), ("b", 2, 2)]


async def test_a_slow_candidate_is_dropped_and_counted(versions, see):
    async def ask(_requests):
        await asyncio.sleep(3600)

    told = await mirrored(versions, ask, [see("a"), see("b")], timeout="10ms")
    assert [(type(note), note.rows) for note in told] == [(Dropped, 2), (Dropped, 2)]


async def test_a_dead_candidate_is_dropped_and_counted(versions, see):
    async def ask(_requests):
        raise ConnectionError("gone")

    assert [note.rows for note in await mirrored(versions, ask, [see("a")])] == [2]


async def test_what_another_version_answered_is_no_evidence(versions, see):
    async def ask(_requests):
        return Shadowed(name_of(versions["1.2.0"]), [np.zeros(2, dtype=np.float32)])

    assert [type(note) for note in await mirrored(versions, ask, [see("a")])] == [Dropped]


async def test_what_does_not_fit_the_queue_is_dropped_and_counted(versions, see):
    async def ask(requests):
        return Shadowed(name_of(versions["1.1.0"]), [np.zeros(2, dtype=np.float32) for _ in requests])

    told = await mirrored(versions, ask, [see("a"), see("b"), see("c")], max_queue=1)
    assert sorted(type(note).__name__ for note in told) == ["Compared", "Dropped", "Dropped"]


async def test_a_share_of_the_requests_is_mirrored_and_the_same_id_always_alike(versions, see):
    async def ask(requests):
        return Shadowed(name_of(versions["1.1.0"]), [np.zeros(2, dtype=np.float32) for _ in requests])

    requests = [see(f"r{number}") for number in range(200)]
    first, second = [{note.request for note in await mirrored(versions, ask, requests, percent=20)} for _ in range(2)]
    assert first == second
    assert 20 <= len(first) <= 60


@pytest.mark.parametrize(
    ("champion", "candidate", "sums"),
    [
        (0.9, 0.8, PairedSums(rows=2)),
        (0.9, 0.1, PairedSums(rows=2, disagreements=2)),
        (0.9, None, PairedSums(rows=2, candidate_errors=2)),
        (None, 0.1, PairedSums(rows=2, champion_errors=2)),
        (None, None, PairedSums(rows=2, champion_errors=2, candidate_errors=2)),
    ],
)
def test_a_failure_of_either_is_an_error_of_all_its_rows(see, champion, candidate, sums):
    answer = None if candidate is None else np.full(2, candidate, dtype=np.float32)
    assert compare(see(probability=champion), answer, "pair").sums == sums


# ---------------------------------------------------------------- teller
def test_neighbours_of_one_window_are_counted_together(see, profile):
    seen = [see("a", "w1", 3), see("b", "w1", 2), see("c", "w2", 2)]
    notes = list(notes_of(seen, None))
    assert [type(note) for note in notes] == [Counted, Answered, Answered, Counted, Answered]
    columns = {name: np.concatenate([one.inputs[name].ravel() for one in seen[:2]]) for name in seen[0].inputs}
    columns[PREDICTION] = np.concatenate([one.probabilities for one in seen[:2]])
    assert notes[0].counts == count(profile, columns)
    assert [notes[0].requests, notes[3].requests] == [2, 1]
    assert [notes[0].window, notes[3].window] == ["w1", "w2"]


def test_where_windows_are_numbered_groups_stay_small(see):
    notes = notes_of([see(name, "", 4) for name in "abc"], 8)
    assert [note.counts.rows for note in notes if isinstance(note, Counted)] == [8, 4]


def test_what_the_champion_failed_on_is_counted_but_waits_for_no_label(see):
    assert [type(note) for note in notes_of([see(probability=None)], None)] == [Counted]


def test_notes_keep_their_order_among_what_was_seen(see):
    dropped = Dropped("pair", 1)
    kinds = [type(note) for note in notes_of([see("a"), dropped, see("b")], None)]
    assert kinds == [Counted, Answered, Dropped, Counted, Answered]


async def test_rows_that_do_not_fit_are_counted_and_told(see):
    sent = []

    async def send(batch):
        sent.append(batch)

    teller = Teller(send)
    item = see()
    for _ in range(8192 + 3):
        teller.put(item)
    await teller.drained()
    assert sent[0].notes[0] == Omitted("stream", "untold_rows", 6)
    assert not any(isinstance(note, Omitted) for batch in sent[1:] for note in batch.notes)


async def test_a_batch_that_was_not_taken_is_sent_again_under_its_number(see):
    sent = []

    async def send(batch):
        sent.append(batch)
        if len(sent) < 3:
            raise ConnectionError("the monitor restarts")

    teller = Teller(send)
    teller.put(see("a"))
    await teller.drained()
    teller.put(see("b"))
    await teller.drained()
    assert [batch.sequence for batch in sent] == [1, 1, 1, 2]
    assert len({batch.replica for batch in sent}) == 1
    assert sent[0] == sent[1] == sent[2]
    assert isinstance(sent[3].notes[1], Answered)
    assert not any(isinstance(note, Compared) for batch in sent for note in batch.notes)
