"""One peer on given data, in the peers' own environment (`requirements/peers.lock`); trimtab is not installed there.

    .venv/peers/bin/python benchmarks/drift/peer_worker.py PEER DATA.npz [OPTIONS as JSON]

Prints one JSON object; what a library prints goes to standard error. `seconds` is the peer's own work, imports aside.
"""

import contextlib
import json
import math
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
# Evidently and NannyML tell their makers what they are used for, unless they are asked not to.
os.environ.update({"DO_NOT_TRACK": "1", "NML_DISABLE_USAGE_LOGGING": "1"})
warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402  # the environment is set before anything heavy is imported

Data = dict[str, np.ndarray]
Told = dict[str, Any]
PEERS: dict[str, Callable[..., Told]] = {}


def peer(run: Callable[..., Told]) -> Callable[..., Told]:
    """Register a peer by its name."""
    PEERS[run.__name__] = run
    return run


def _first(alarms: Iterator[bool]) -> int | None:
    """Number (from 1) of the first alarm."""
    return next((number for number, alarm in enumerate(alarms, start=1) if alarm), None)


def _each_stream(data: Data, watch: Callable[[np.ndarray, np.ndarray], Iterator[bool]]) -> Told:
    """First alarm of each stream; `reference` is (streams, rows, features), `windows` (streams, windows, rows, …)."""
    start = time.perf_counter()
    first = [_first(watch(*stream)) for stream in zip(data["reference"], data["windows"], strict=True)]
    return {"first": first, "seconds": time.perf_counter() - start}


@peer
def scipy_tests(data: Data, *, numbers: int, alpha: float, bonferroni: bool) -> Told:
    """Kolmogorov–Smirnov for each number and chi-square for each category, with each window."""

    def watch(reference: np.ndarray, windows: np.ndarray) -> Iterator[bool]:
        level = alpha / (reference.shape[1] if bonferroni else 1)
        for window in windows:
            yield min(_p_values(reference, window, numbers)) < level

    return _each_stream(data, watch)


def _p_values(reference: np.ndarray, window: np.ndarray, numbers: int) -> Iterator[float]:
    from scipy.stats import chi2_contingency, ks_2samp

    for before, now in zip(reference[:, :numbers].T, window[:, :numbers].T, strict=True):
        yield float(ks_2samp(before[~np.isnan(before)], now[~np.isnan(now)], method="asymp").pvalue)
    for before, now in zip(reference[:, numbers:].T, window[:, numbers:].T, strict=True):
        kinds = np.arange(max(before.max(), now.max()) + 1)
        table = np.array([(side[:, None] == kinds).sum(axis=0) for side in (before, now)])
        yield float(chi2_contingency(table[:, table.sum(axis=0) > 0]).pvalue)


@peer
def alibi_tabular(data: Data, *, numbers: int, alpha: float) -> Told:
    """alibi-detect's TabularDrift, with its own Bonferroni; gaps, which it cannot take, are the reference's medians."""
    from alibi_detect.cd import TabularDrift

    def watch(reference: np.ndarray, windows: np.ndarray) -> Iterator[bool]:
        middle = np.nanmedian(reference, axis=0)
        filled = np.where(np.isnan(reference), middle, reference)
        kinds = {at: list(range(int(filled[:, at].max()) + 1)) for at in range(numbers, filled.shape[1])}
        detector = TabularDrift(filled, p_val=alpha, categories_per_feature=kinds)
        for window in windows:
            yield bool(detector.predict(np.where(np.isnan(window), middle, window))["data"]["is_drift"])

    return _each_stream(data, watch)


@peer
def alibi_mmd(data: Data, *, permutations: int) -> Told:
    """alibi-detect's MMDDrift on each of `references` and `windows` (repeats, rows, features), by its own shares."""
    from alibi_detect.cd import MMDDrift

    found = []
    start = time.perf_counter()
    for reference, window in zip(data["references"], data["windows"], strict=True):
        detector = MMDDrift(reference.astype(np.float32), n_permutations=permutations)
        found.append(float(detector.predict(window.astype(np.float32))["data"]["p_val"]))
    return {"p": found, "seconds": time.perf_counter() - start}


@peer
def evidently(data: Data, *, numbers: int) -> Told:
    """Evidently's preset as it comes: `first` by its own rule, half of the columns, and `any` by a single one."""
    from evidently import Report
    from evidently.presets import DataDriftPreset

    start, shares = time.perf_counter(), []
    for reference, windows in zip(data["reference"], data["windows"], strict=True):
        before = _frame(reference, numbers)
        told = (Report([DataDriftPreset()]).run(_frame(window, numbers), before).dict() for window in windows)
        shares.append([float(found["metrics"][0]["value"]["share"]) for found in told])
    half, one = ([_first(iter(stream)) for stream in found] for found in (_at_least_half(shares), np.array(shares) > 0))
    return {"first": half, "any": one, "seconds": time.perf_counter() - start}


def _at_least_half(shares: list[list[float]]) -> np.ndarray:
    return np.array(shares) >= 1 / 2


@peer
def nannyml(data: Data, *, numbers: int) -> Told:
    """NannyML's univariate calculator as it comes: thresholds of three standard deviations over the reference."""

    def watch(reference: np.ndarray, windows: np.ndarray) -> Iterator[bool]:
        alerts = _univariate(reference, windows, numbers)
        return iter(alerts.loc[:, [column for column in alerts.columns if column[-1] == "alert"]].any(axis=1).tolist())

    return _each_stream(data, watch)


def _univariate(reference: np.ndarray, windows: np.ndarray, numbers: int) -> Any:
    import nannyml as nml

    names = list(_frame(reference[:1]).columns)
    return _of_chunks(nml.UnivariateDriftCalculator(names, chunk_size=windows.shape[1]), reference, windows, numbers)


def _of_chunks(calculator: Any, reference: np.ndarray, windows: np.ndarray, numbers: int) -> Any:
    calculator.fit(_frame(reference, numbers))
    told = calculator.calculate(_frame(windows.reshape(-1, windows.shape[-1]), numbers))
    return told.filter(period="analysis").to_df()


def _scores(data: Data, of: Callable[[np.ndarray, np.ndarray], list[float]]) -> Told:
    """How much each window of each stream stands out: it alarms where that is beyond a threshold."""
    start = time.perf_counter()
    found = [of(*stream) for stream in zip(data["reference"], data["windows"], strict=True)]
    return {"scores": found, "seconds": time.perf_counter() - start}


@peer
def scipy_scores(data: Data, *, numbers: int) -> Told:
    """The least p-value of a window: its numbers, its categories, and the share that each number lacks."""

    def of(reference: np.ndarray, windows: np.ndarray) -> list[float]:
        gaps = _gaps(reference[:, :numbers])
        able = gaps.any(axis=0)
        least = (
            min(
                *_p_values(reference, window, numbers),
                *_p_values(gaps[:, able], _gaps(window[:, :numbers])[:, able], 0),
            )
            for window in windows
        )
        return [-math.log(max(p, sys.float_info.min)) for p in least]

    return _scores(data, of)


def _gaps(values: np.ndarray) -> np.ndarray:
    return np.isnan(values).astype(np.float32)


@peer
def nannyml_scores(data: Data, *, numbers: int) -> Told:
    """The farthest that a column is, in units of its own threshold: how it lies, and how much of it is missing."""
    import nannyml as nml

    def of(reference: np.ndarray, windows: np.ndarray) -> list[float]:
        missing = nml.MissingValuesCalculator(list(_frame(reference[:1]).columns), chunk_size=windows.shape[1])
        tables = _univariate(reference, windows, numbers), _of_chunks(missing, reference, windows, numbers)
        return np.max([_of_thresholds(table) for table in tables], axis=0).tolist()

    return _scores(data, of)


def _of_thresholds(told: Any) -> np.ndarray:
    """Greatest of value / upper threshold over the columns that have one, shape (windows,)."""
    values, most = (
        np.stack([told[column].to_numpy(np.float64) for column in told.columns if column[-1] == kind], axis=1)
        for kind in ("value", "upper_threshold")
    )
    return np.nanmax(np.where(most > 0, values / np.where(most > 0, most, 1), 0), axis=1)


@peer
def cbpe(data: Data) -> Told:
    """NannyML's CBPE as it comes, one chunk a window; its reference are `kept_labels` and `kept_chances`."""
    import nannyml as nml
    import pandas as pd

    def frame(chances: np.ndarray) -> pd.DataFrame:
        return pd.DataFrame({"chance": chances, "called": (chances >= 0.5).astype(int)})  # noqa: PLR2004  # the likelier

    metrics = ["roc_auc", "accuracy"]
    start = time.perf_counter()
    estimator = nml.CBPE(
        problem_type="classification_binary",
        y_true="truth",
        y_pred="called",
        y_pred_proba="chance",
        metrics=metrics,
        chunk_number=1,
    ).fit(frame(data["kept_chances"]).assign(truth=data["kept_labels"]))
    parts = [data["chances"][data["windows"] == window] for window in np.unique(data["windows"])]
    tables = [estimator.estimate(frame(part)).filter(period="analysis").to_df() for part in parts]
    found = {metric: [float(table[metric, "value"].iloc[0]) for table in tables] for metric in metrics}
    return {"auc": found["roc_auc"], "accuracy": found["accuracy"], "seconds": time.perf_counter() - start}


@peer
def river(data: Data, *, detector: str, settings: dict[str, float] | None = None) -> Told:
    """River's ADWIN or PageHinkley, as it comes or as it is set, on streams of losses (streams, rows); counts rows.

    A loss that is NaN is not known: it counts as a row, and the detector is not told of it.
    """
    from river import drift

    def watch(losses: np.ndarray) -> Iterator[bool]:
        found = getattr(drift, detector)(**(settings or {}))
        for loss in losses.tolist():
            if not math.isnan(loss):
                found.update(loss)
            yield found.drift_detected

    start = time.perf_counter()
    return {"first": [_first(watch(losses)) for losses in data["losses"]], "seconds": time.perf_counter() - start}


@peer
def evidently_table(data: Data, *, seconds: float) -> Told:
    """Evidently's preset on more and more rows of two tables, until it has taken too long."""
    from evidently import Report
    from evidently.presets import DataDriftPreset

    done: dict[int, float] = {}
    for rows in (1_000, 10_000, 100_000):
        before, after = (_frame(data[side][:rows]) for side in ("reference", "current"))
        start = time.perf_counter()
        Report([DataDriftPreset()]).run(after, before).dict()
        done[len(before)] = time.perf_counter() - start
        if rows >= len(data["reference"]) or sum(done.values()) > seconds:
            break
    return {"seconds_by_rows": done, "columns": data["reference"].shape[1]}


def _frame(values: np.ndarray, numbers: int | None = None) -> Any:
    """Named columns; those after the numbers are categories."""
    import pandas as pd

    frame = pd.DataFrame(values, columns=[f"x{at}" for at in range(values.shape[1])])
    kinds = frame.columns[values.shape[1] if numbers is None else numbers :]
    return frame.assign(**{name: "c" + frame[name].astype(int).astype(str) for name in kinds})


def main() -> None:
    """Run the peer that is asked for."""
    name, file, *options = sys.argv[1:]
    data = dict(np.load(file))
    with contextlib.redirect_stdout(sys.stderr):
        told = PEERS[name](data, **(json.loads(options[0]) if options else {}))
    print(json.dumps(told))


if __name__ == "__main__":
    main()
