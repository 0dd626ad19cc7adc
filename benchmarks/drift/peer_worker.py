"""One peer on given data, in the peers' own environment (`requirements/peers.lock`); trimtab is not installed there.

    .venv/peers/bin/python benchmarks/drift/peer_worker.py PEER DATA.npz [OPTIONS as JSON]

Prints one JSON object; what a library prints goes to standard error. `seconds` is the peer's own work, imports aside.
"""

import contextlib
import json
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
def scipy_ks(data: Data, *, alpha: float, bonferroni: bool) -> Told:
    """Kolmogorov–Smirnov for each feature, with each window."""
    from scipy.stats import ks_2samp

    def watch(reference: np.ndarray, windows: np.ndarray) -> Iterator[bool]:
        level = alpha / (reference.shape[1] if bonferroni else 1)
        for window in windows:
            yield bool(ks_2samp(reference, window, axis=0, method="asymp").pvalue.min() < level)

    return _each_stream(data, watch)


@peer
def alibi_ks(data: Data, *, alpha: float) -> Told:
    """alibi-detect's KSDrift, with its own Bonferroni."""
    from alibi_detect.cd import KSDrift

    def watch(reference: np.ndarray, windows: np.ndarray) -> Iterator[bool]:
        detector = KSDrift(reference.astype(np.float32), p_val=alpha)
        for window in windows:
            yield bool(detector.predict(window.astype(np.float32))["data"]["is_drift"])

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
def evidently(data: Data) -> Told:
    """Evidently's preset as it comes: `first` by any column, `dataset` by half of them."""
    from evidently import Report
    from evidently.presets import DataDriftPreset

    shares: list[float] = []

    def watch(reference: np.ndarray, windows: np.ndarray) -> Iterator[bool]:
        before = _frame(reference)
        for window in windows:
            told = Report([DataDriftPreset()]).run(_frame(window), before).dict()
            shares.append(float(told["metrics"][0]["value"]["share"]))
            yield shares[-1] > 0

    return {**_each_stream(data, watch), "most": max(shares)}


@peer
def nannyml(data: Data) -> Told:
    """NannyML's univariate calculator as it comes: thresholds of three standard deviations over the reference."""
    import nannyml as nml

    def watch(reference: np.ndarray, windows: np.ndarray) -> Iterator[bool]:
        names = list(_frame(reference).columns)
        calculator = nml.UnivariateDriftCalculator(names, chunk_size=windows.shape[1]).fit(_frame(reference))
        told = calculator.calculate(_frame(windows.reshape(-1, windows.shape[-1]))).filter(period="analysis").to_df()
        alerts = told.loc[:, [column for column in told.columns if column[-1] == "alert"]]
        return iter(alerts.any(axis=1).tolist())

    return _each_stream(data, watch)


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
def river(data: Data, *, detector: str) -> Told:
    """River's ADWIN or PageHinkley as it comes, on streams of losses (streams, rows); `first` counts rows."""
    from river import drift

    def watch(losses: np.ndarray) -> Iterator[bool]:
        found = getattr(drift, detector)()
        for loss in losses.tolist():
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


def _frame(values: np.ndarray) -> Any:
    import pandas as pd

    return pd.DataFrame(values, columns=[f"x{at}" for at in range(values.shape[1])])


def main() -> None:
    """Run the peer that is asked for."""
    name, file, *options = sys.argv[1:]
    data = dict(np.load(file))
    with contextlib.redirect_stdout(sys.stderr):
        told = PEERS[name](data, **(json.loads(options[0]) if options else {}))
    print(json.dumps(told))


if __name__ == "__main__":
    main()
