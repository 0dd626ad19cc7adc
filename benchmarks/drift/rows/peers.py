"""False alarms of what is used today, window after window, beside the product's own watch on the very same rows."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

from benchmarks.drift.peers import ABSENT, ask, present
from benchmarks.drift.row import Row
from trimtab.drift import LabelSums, Outcomes, Profile, Watch, WatchSettings, count
from trimtab.drift.sums import log_loss

ALPHA = 0.01
FEATURES, REFERENCE, ROWS = 20, 2_000, 500
SETTINGS = WatchSettings(false_alarm_rate=ALPHA, data_tolerance=0.0, loss_tolerance=0.0, calibration_tolerance=0.0)
LABELLED = 100
RISE = 0.1
_BAR = f"{ALPHA} of streams with any alarm, or what chance makes of it"
_SURE = 0.99
_SEED = 11
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
    """Streams in which nothing moves, of inputs; then of losses, without and with a rise in the middle."""
    asked = present(quick=quick)
    return [_inputs(TENTH if quick else WHOLE, asked=asked), _losses(LOSSES_TENTH if quick else LOSSES, asked=asked)]


def _inputs(size: Size, *, asked: bool) -> Row:
    reference, windows = streams(size)
    value = float(np.mean([_alarmed(*stream) for stream in zip(reference, windows, strict=True)]))
    peers: dict[str, object] = ABSENT
    if asked:
        data, few = {"reference": reference, "windows": windows}, {"reference": reference[: SLOW.streams]}
        peers = {
            f"scipy KS at {ALPHA}": _share(ask("scipy_ks", data, alpha=ALPHA, bonferroni=False)),
            "the same, Bonferroni over features": _share(ask("scipy_ks", data, alpha=ALPHA, bonferroni=True)),
            f"alibi-detect KSDrift at {ALPHA}": _share(ask("alibi_ks", data, alpha=ALPHA)),
            "NannyML as it comes": _share(ask("nannyml", data)),
            f"Evidently as it comes, {SLOW.streams} × {SLOW.windows}, any column": _share(
                ask("evidently", {**few, "windows": windows[: SLOW.streams, : SLOW.windows]})
            ),
        }
    name = f"peers: inputs that stand still, {size.streams} streams × {size.windows} windows"
    return Row(name, _BAR, value, _by_chance(value, size), peers)


def _by_chance(value: float, size: Size) -> bool:
    """Whether so many alarms come, with 99 %, of streams that have one each with the chance promised."""
    return bool(value * size.streams <= binom.ppf(_SURE, size.streams, ALPHA))


def streams(size: Size) -> tuple[np.ndarray, np.ndarray]:
    """Normal, heavy-tailed and tied numbers: references (streams, rows, features), windows (streams, windows, …)."""
    random = np.random.default_rng(_SEED)
    shape = (size.streams, REFERENCE + size.windows * ROWS, FEATURES)
    values = random.standard_normal(shape, dtype=np.float32)
    values[..., ::3] = np.exp(1.5 * values[..., ::3])
    values[..., 1::3] = np.round(2 * values[..., 1::3])
    windows = values[:, REFERENCE:].reshape(size.streams, size.windows, ROWS, FEATURES)
    return values[:, :REFERENCE], windows


def _alarmed(reference: np.ndarray, windows: np.ndarray) -> bool:
    watch = Watch.start(Profile.build(_columns(reference), None, None), SETTINGS)
    for number, window in enumerate(windows):
        watch, verdict = watch.fold_data(str(number), count(watch.profile, _columns(window)))
        if verdict.drifted:
            return True
    return False


def _losses(size: Size, *, asked: bool) -> Row:
    """Labels of which many never come, in windows; the loss rises by a tenth in the second half of a second set."""
    random = np.random.default_rng(_SEED)
    still, rising = (_labelled(size, random, rise) for rise in (0.0, RISE))
    firsts = [_first_by_loss(random, labels, chances) for labels, chances in zip(*still, strict=True)]
    delays = [_first_by_loss(random, labels, chances) for labels, chances in zip(*rising, strict=True)]
    value = float(np.mean([first is not None for first in firsts]))
    notes = {"median delay after the rise, windows": _delay(delays, size.windows // 2)}
    peers: dict[str, object] = {} if asked else ABSENT
    for detector in ("ADWIN", "PageHinkley") if asked else ():
        told = [ask("river", {"losses": log_loss(*world)}, detector=detector)["first"] for world in (still, rising)]
        delay = _delay([first and -(-first // LABELLED) for first in told[1]], size.windows // 2)
        peers[f"{detector}: false alarms, median delay"] = f"{np.mean([f is not None for f in told[0]]):.3f}, {delay}"
    notes["labels lost, and to the peers none"] = _LOST
    name = f"peers: a loss that stands still, {size.streams} streams × {size.windows} windows"
    return Row(name, _BAR, value, _by_chance(value, size), peers, notes)


def _labelled(size: Size, random: np.random.Generator, rise: float) -> tuple[np.ndarray, np.ndarray]:
    """Labels and calibrated chances, (streams, rows); from the middle on the truth leaves the chances."""
    rows = size.windows * LABELLED
    chances = random.beta(2, 4, (size.streams, rows)).astype(np.float32)
    moved = np.where(np.arange(rows) >= rows // 2, rise, 0.0)
    return (random.random(chances.shape) < np.clip(chances + moved, 0, 1)).astype(np.int8), chances


def _first_by_loss(random: np.random.Generator, labels: np.ndarray, chances: np.ndarray) -> int | None:
    """Number (from 1) of the window with the first alarm; labels are lost by chance."""
    promise = random.beta(2, 4, 20_000)
    outcomes = Outcomes((random.random(promise.size) < promise).astype(int), promise)
    watch = Watch.start(Profile.build({"x": promise}, None, outcomes), SETTINGS)
    for number, rows in enumerate(np.split(np.arange(labels.size), labels.size // LABELLED), start=1):
        came = rows[random.random(rows.size) > _LOST]
        watch, verdict = watch.fold_labels(str(number), LabelSums.of(labels[came], chances[came]))
        if verdict.drifted:
            return number
    return None


def _delay(firsts: list[int | None], change: int) -> float:
    """Median of windows from the change to the alarm; those that cried before it are left out, none is for ever."""
    after = [np.inf if first is None else first - change for first in firsts if first is None or first > change]
    return float(np.median(after)) if after else float("nan")


def _share(told: dict[str, list[int | None]]) -> float:
    return float(np.mean([first is not None for first in told["first"]]))


def _columns(rows: np.ndarray) -> dict[str, np.ndarray]:
    return {f"x{at}": column for at, column in enumerate(rows.T)}
