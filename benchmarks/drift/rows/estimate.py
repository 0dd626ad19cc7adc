"""Performance without labels over years that happened: what was expected by month, and what the labels said.

NannyML's CBPE is asked the same, from the same held-out rows. Neither can see the concept move, so both are wrong where
it did; the promise of the training, which moves not at all, is told as the estimate of those who have none.
"""

from collections.abc import Callable

import numpy as np
from sklearn.metrics import roc_auc_score

from benchmarks.drift import histories
from benchmarks.drift.histories import History
from benchmarks.drift.peers import PYTHON, ask
from benchmarks.drift.row import Row
from trimtab.drift import Calibration, Estimate
from trimtab.training.judgement.metrics import measure

METRICS = ("auc", "accuracy")
"""CBPE has no log loss."""
_AS_GOOD = 1.05
_BAR = "root mean square error of the months' AUC ≤ 1.05 × CBPE's; undecided where the labels cannot tell"
_DRAWS, _CHANCE, _SEED = 200, 0.05, 7
Table = dict[str, np.ndarray]


def run(*, quick: bool) -> list[Row]:
    """Estimate each; the weather alone in CI, as it is the smallest."""
    makers: tuple[Callable[[], History | None], ...] = (histories.flights, histories.weather, histories.employment)
    asked = (histories.weather,) if quick else makers
    return [row(history, peers(history)) for make in asked if (history := make()) is not None]


def row(history: History, others: dict[str, Table]) -> Row:
    """Compare estimates by month, ours and others', with the truth."""
    names = np.unique(history.periods)
    parts = [history.periods == name for name in names]
    ours = [by_metric(history, part) for part in parts]
    true = by_window([measure(history.labels[part], history.chances[part].astype(np.float64)) for part in parts])
    estimated = by_window([{name: each.value for name, each in told.items()} for told in ours])
    promised = {metric: np.full(names.size, ours[0][metric].promised) for metric in METRICS}
    told = {"estimated": estimated, **others, "promised": promised}
    notes = {
        f"{metric}: true, {', '.join(told)}": _lines(names, [true[metric], *(table[metric] for table in told.values())])
        for metric in METRICS
    }
    off = {name: distance(table["auc"], true["auc"]) for name, table in told.items()}
    beside = {name: f"{off[name]:.4f}" for name in told if name != "estimated"}
    notes |= {"days or windows within two standard errors": _covered(history)}
    passed = None
    if "CBPE" in off:
        chance = as_good(history, estimated["auc"], told["CBPE"]["auc"])
        notes |= {"as good as the bar, in so many of the truths that the labels leave possible": f"{chance:.2f}"}
        passed = verdict(off["estimated"] / off["CBPE"], chance)
    return Row(f"estimated without labels: {history.name}", _BAR, off["estimated"], passed, beside, notes)


def by_metric(history: History, rows: np.ndarray) -> dict[str, Estimate]:
    """Estimate some rows from their scores."""
    calibration = _calibration(history)
    return {each.metric: each for each in calibration.estimate(calibration.tally(history.chances[rows]))}


def by_window(told: list[dict[str, float]]) -> Table:
    """Put the windows' figures of each metric side by side."""
    return {metric: np.array([each.get(metric, np.nan) for each in told]) for metric in METRICS}


def distance(values: np.ndarray, truth: np.ndarray) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean((values - truth) ** 2)))


def verdict(ratio: float, chance: float) -> bool | None:
    """Held or missed; None where it is missed, and the labels are too few to say so."""
    if ratio <= _AS_GOOD:
        return True
    return None if chance > _CHANCE else False


def as_good(history: History, ours: np.ndarray, theirs: np.ndarray) -> float:
    """Share of truths that hold the bar: a period's AUC is known by so many windows only, which are drawn again."""
    random, names = np.random.default_rng(_SEED), np.unique(history.periods)
    truths = np.array([_drawn(history, history.periods == name, random) for name in names]).T
    return float(np.mean([distance(ours, truth) <= _AS_GOOD * distance(theirs, truth) for truth in truths]))


def _drawn(history: History, part: np.ndarray, random: np.random.Generator) -> list[float]:
    """AUCs of a period whose windows are drawn with replacement."""
    labels, chances = history.labels[part], history.chances[part].astype(np.float64)
    windows, of = np.unique(history.windows[part], return_inverse=True)
    counts = random.multinomial(windows.size, np.full(windows.size, 1 / windows.size), _DRAWS)
    return [float(roc_auc_score(labels, chances, sample_weight=drawn[of])) for drawn in counts]


def _calibration(history: History) -> Calibration:
    if history.profile.calibration is None:
        raise ValueError(f"{history.name} promises nothing to estimate by")
    return history.profile.calibration


def _covered(history: History) -> str:
    """Share of the small windows whose truth is within two standard errors, by metric."""
    within: dict[str, list[bool]] = {metric: [] for metric in ("logLoss", *METRICS)}
    for window in np.unique(history.windows):
        rows = history.windows == window
        if not 0 < history.labels[rows].sum() < rows.sum():
            continue
        truth = measure(history.labels[rows], history.chances[rows].astype(np.float64))
        for name, each in by_metric(history, rows).items():
            within[name].append(abs(each.value - truth[name]) <= 2 * each.error)
    return ", ".join(f"{name} {np.mean(found):.2f}" for name, found in within.items())


def peers(history: History) -> dict[str, Table]:
    """Ask NannyML; nothing without the peers' environment."""
    if not PYTHON.exists():
        return {}
    kept = {"kept_labels": history.kept.labels, "kept_chances": history.kept.probabilities}
    told = ask("cbpe", {**kept, "chances": history.chances, "windows": history.periods.astype(str)})
    return {"CBPE": {metric: np.array(told[metric]) for metric in METRICS}}


def _lines(names: np.ndarray, columns: list[np.ndarray]) -> str:
    rows = zip(names, *columns, strict=True)
    return "; ".join(f"{name} {' '.join(f'{value:.3f}' for value in values)}" for name, *values in rows)
