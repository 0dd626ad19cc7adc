"""False alarms of what is used today, window after window, beside the product's own watch on the very same rows."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.stats import binom

from benchmarks.drift.peers import ABSENT, ask, present
from benchmarks.drift.row import Row
from benchmarks.drift.rows.false_alarms import watched
from benchmarks.drift.worlds import NUMBERS, WINDOW, Marks, World
from trimtab.drift import LabelSums, Outcomes, Profile, Watch, WatchSettings
from trimtab.drift.sums import log_loss

ALPHA = 0.01
REFERENCES = {False: 2_000, True: 5_000}
"""Rows of the references, by whether there are days: the least of the bar's own (`false_alarms.py`)."""
SETTINGS = WatchSettings(false_alarm_rate=ALPHA, data_tolerance=0.0, loss_tolerance=0.0, calibration_tolerance=0.0)
LABELLED = 100
RISE = 0.1
_BAR = f"{ALPHA} of streams with any alarm, or what chance makes of it"
_SURE = 0.99
_SEED = 11
_SETTINGS = {
    "ADWIN": {"as it comes": {}, **{f"delta {delta:g}": {"delta": delta} for delta in (1e-4, 1e-5, 1e-6)}},
    "PageHinkley": {"as it comes": {}, **{f"threshold {most}": {"threshold": most} for most in (100, 200, 400, 800)}},
}
"""What each is asked with, until it cries over no more still streams than `ALPHA`."""
_LOST = 0.4
"""Share of the labels that never come."""


@dataclass(frozen=True)
class Size:
    """Streams and windows each."""

    streams: int
    windows: int


WHOLE, TENTH, SLOW = Size(40, 100), Size(4, 40), Size(4, 10)
LOSSES, LOSSES_TENTH = Size(400, 200), Size(40, 200)
"""`SLOW` is for Evidently, which takes seconds a window."""


def run(*, quick: bool) -> list[Row]:
    """Streams of the bar's two worlds in which nothing moves; then losses, without and with a rise in the middle."""
    asked, size = present(quick=quick), TENTH if quick else WHOLE
    return [
        *(_inputs(size, days=days, asked=asked) for days in (False, True)),
        _losses(LOSSES_TENTH if quick else LOSSES, asked=asked),
    ]


def _inputs(size: Size, *, days: bool, asked: bool) -> Row:
    """The product's watch is told of the days; the others have no way to be told."""
    world, random = World.make(_SEED, days=days), np.random.default_rng(_SEED)
    drawn = [world.draw(random, REFERENCES[days] // WINDOW + size.windows) for _ in range(size.streams)]
    references, windows = zip(*(np.split(rows, [REFERENCES[days] // WINDOW]) for rows in drawn), strict=True)
    value = float(np.mean([_alarmed(world, *stream) for stream in zip(references, windows, strict=True)]))
    peers = _peers(world.coded, np.array(references), np.array(windows)) if asked else ABSENT
    of = "days" if days else "rows"
    name = f"peers: {of} that stand still, {size.streams} streams × {size.windows} windows"
    return Row(name, _BAR, value, _by_chance(value, size), peers)


def _alarmed(world: World, reference: np.ndarray, windows: np.ndarray) -> bool:
    profile = world.profile(reference)
    return watched(profile, Marks(profile, world.columns), windows)


def _peers(coded: np.ndarray, references: np.ndarray, windows: np.ndarray) -> dict[str, object]:
    """Shares of streams with any alarm."""
    data = {"reference": coded[references.reshape(len(references), -1)], "windows": coded[windows]}
    few = {"reference": data["reference"][: SLOW.streams], "windows": data["windows"][: SLOW.streams, : SLOW.windows]}
    slow = ask("evidently", few, numbers=len(NUMBERS))
    tests = partial(ask, "scipy_tests", data, numbers=len(NUMBERS), alpha=ALPHA)
    return {
        f"scipy KS and chi-square at {ALPHA}": _share(tests(bonferroni=False)),
        "the same, Bonferroni over features": _share(tests(bonferroni=True)),
        f"alibi-detect TabularDrift at {ALPHA}": _share(ask("alibi_tabular", data, numbers=len(NUMBERS), alpha=ALPHA)),
        "NannyML as it comes": _share(ask("nannyml", data, numbers=len(NUMBERS))),
        f"Evidently as it comes, {SLOW.streams} × {SLOW.windows}: its rule, half of the columns": _share(slow),
        "the same, any column": _share({"first": slow["any"]}),
    }


def _by_chance(value: float, size: Size) -> bool:
    """Whether so many alarms come, with 99 %, of streams that have one each with the chance promised."""
    return bool(value * size.streams <= binom.ppf(_SURE, size.streams, ALPHA))


def _losses(size: Size, *, asked: bool) -> Row:
    """Labels of which many never come, in windows; the loss rises by a tenth in the second half of a second set."""
    random = np.random.default_rng(_SEED)
    still, rising = (_labelled(size, random, rise) for rise in (0.0, RISE))
    firsts = [_first_by_loss(random, *stream) for stream in zip(*still, strict=True)]
    delays = [_first_by_loss(random, *stream) for stream in zip(*rising, strict=True)]
    value = float(np.mean([first is not None for first in firsts]))
    notes = {"median delay after the rise, windows": _delay(delays, size.windows // 2)}
    peers: dict[str, object] = {} if asked else ABSENT
    for detector in _SETTINGS if asked else ():
        peers |= _told(detector, _known(*still), _known(*rising), size.windows // 2)
    notes["labels lost, to the peers too"] = _LOST
    name = f"peers: a loss that stands still, {size.streams} streams × {size.windows} windows"
    return Row(name, _BAR, value, _by_chance(value, size), peers, notes)


def _told(detector: str, still: np.ndarray, rising: np.ndarray, change: int) -> dict[str, str]:
    """False alarms and delay as it comes, and of other settings up to one that cries over no more than `ALPHA`."""
    told = {}
    for words, settings in _SETTINGS[detector].items():
        firsts, delays = (
            ask("river", {"losses": x}, detector=detector, settings=settings)["first"] for x in (still, rising)
        )
        cried = float(np.mean([first is not None for first in firsts]))
        delay = _delay([first and -(-first // LABELLED) for first in delays], change)
        told[f"{detector}, {words}: false alarms, median delay"] = f"{cried:.4f}, {delay}"
        if cried <= ALPHA:
            break
    return told


def _known(labels: np.ndarray, chances: np.ndarray, came: np.ndarray) -> np.ndarray:
    """Losses as far as they are known; NaN where the label was lost."""
    return np.where(came, log_loss(labels, chances), np.nan)


def _labelled(size: Size, random: np.random.Generator, rise: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels, calibrated chances, and which labels came, (streams, rows); the chances hold up to the middle."""
    rows = size.windows * LABELLED
    chances = random.beta(2, 4, (size.streams, rows)).astype(np.float32)
    moved = np.where(np.arange(rows) >= rows // 2, rise, 0.0)
    labels = (random.random(chances.shape) < np.clip(chances + moved, 0, 1)).astype(np.int8)
    return labels, chances, random.random(chances.shape) > _LOST


def _first_by_loss(
    random: np.random.Generator, labels: np.ndarray, chances: np.ndarray, came: np.ndarray
) -> int | None:
    """Number (from 1) of the window with the first alarm."""
    promise = random.beta(2, 4, 20_000)
    outcomes = Outcomes((random.random(promise.size) < promise).astype(int), promise)
    watch = Watch.start(Profile.build({"x": promise}, None, outcomes), SETTINGS)
    for number, rows in enumerate(np.split(np.arange(labels.size), labels.size // LABELLED), start=1):
        known = rows[came[rows]]
        watch, verdict = watch.fold_labels(str(number), LabelSums.of(labels[known], chances[known]))
        if verdict.drifted:
            return number
    return None


def _delay(firsts: list[int | None], change: int) -> float:
    """Median of windows from the change to the alarm; those that cried before it are left out, none is for ever."""
    after = [np.inf if first is None else first - change for first in firsts if first is None or first > change]
    return float(np.median(after)) if after else float("nan")


def _share(told: dict[str, list[int | None]]) -> float:
    return float(np.mean([first is not None for first in told["first"]]))
