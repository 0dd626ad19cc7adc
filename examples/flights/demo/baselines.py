"""The two models the loop is held against, scored over the replayed days in a process of their own.

    frozen    version 1.0.0, never replaced
    oracle    retrained on the first of each month on all days whose labels are known by then, without asking anyone

Run at low priority beside the replay. The oracle depends on data, code and seed alone, so it is kept by their digest.
"""

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import onnxruntime
import pandas as pd
import yaml
from threadpoolctl import threadpool_limits

from examples.flights.demo import scores
from examples.flights.demo.days import shuffled
from examples.flights.demo.settings import FIRST, Settings
from examples.flights.flights import data, train
from trimtab.training.context import Context

Months = dict[str, float]


def frozen(rows: pd.DataFrame, artifact: Path) -> Months:
    """AUC by month of the ONNX file."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(artifact.read_bytes(), options)
    feeds = {tensor.name: rows[[tensor.name]].to_numpy() for tensor in session.get_inputs()}
    (chances,) = session.run(["probabilities"], feeds)
    return scores.by_month(_scored(rows, chances[:, 1]))


def oracle(rows: pd.DataFrame, months: list[str], hyperparameters: dict[str, Any], seed: int) -> Months:
    """AUC by month of a model trained on the first of that month."""
    context = Context(seed, 1, data.TARGET, tuple(data.FEATURES), tuple(data.NUMERIC), tuple(data.CATEGORICAL))
    found: Months = {}
    for month in months:
        with threadpool_limits(1):
            model = train.train(known_by(rows, month), hyperparameters, context)
        asked = rows[rows[data.TIME].dt.strftime("%Y-%m") == month]
        found |= scores.by_month(_scored(asked, model.predict_proba(asked[data.FEATURES])[:, 1]))
    return found


def known_by(rows: pd.DataFrame, month: str) -> pd.DataFrame:
    """The rows whose labels are due when a month begins: the flights of its eve are told a day later."""
    return rows[rows[data.TIME] < pd.Timestamp(f"{month}-01") - pd.Timedelta(days=1)]


def _scored(rows: pd.DataFrame, chances: Any) -> list[scores.Scored]:
    days = rows.assign(chance=chances).groupby(rows[data.TIME].dt.date)
    return [(day, seen["chance"].tolist(), seen[data.TARGET].tolist()) for day, seen in days]


def kept(settings: Settings, rows: pd.DataFrame, hyperparameters: dict[str, Any]) -> Months:
    """The oracle, computed once for the same data, code and seed."""
    key = hashlib.sha256(pd.util.hash_pandas_object(rows, index=False).to_numpy().tobytes())
    key.update(Path(train.__file__).read_bytes() + Path(__file__).read_bytes())
    key.update(json.dumps([settings.months, hyperparameters, settings.seed]).encode())
    path = settings.cache / f"oracle-{key.hexdigest()[:16]}.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(oracle(rows, settings.months, hyperparameters, settings.seed)))
    found: Months = json.loads(path.read_text())
    return found


def main() -> None:
    """Write `{"frozen": {month: auc}, "oracle": {month: auc}}`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--artifact", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--shuffle-days", type=int)
    given = parser.parse_args()
    settings = Settings(quick=given.quick, seed=given.seed, shuffle=given.shuffle_days)
    rows = data.year() if settings.shuffle is None else shuffled(data.year(), settings.shuffle)
    replayed = rows[rows[data.TIME].dt.date.between(FIRST, settings.last)]
    spec = yaml.safe_load((settings.source / "manifests" / "trainingrun.yaml").read_text())["spec"]
    found = {
        "frozen": frozen(replayed, given.artifact),
        "oracle": kept(settings, rows, spec["trainer"]["hyperparameters"]),
    }
    given.out.write_text(json.dumps(found))


if __name__ == "__main__":
    main()
