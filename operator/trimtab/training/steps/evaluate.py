"""Judge the recipe by fits that have not learnt the rows, beside the champion, and measure what it promises."""

import json
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from trimtab.api.common import parse_duration
from trimtab.contract.run import Champion, RunRequest
from trimtab.data.holdout import Mask, Parts, part
from trimtab.data.selection import features_of
from trimtab.data.snapshot import load
from trimtab.data.store import write_whole
from trimtab.drift import Outcomes, Profile
from trimtab.training.judgement.champion import score_champion
from trimtab.training.judgement.columns import Columns, columns_of, labels_of, rows_of
from trimtab.training.judgement.gates import Comparison, judge
from trimtab.training.judgement.heldout import answers, unlearnt_by_both
from trimtab.training.judgement.metrics import Labels, Probabilities, measure
from trimtab.training.record.workspace import Workspace


@dataclass(frozen=True)
class Judged:
    """The snapshot's rows, each with its answer by a fit that has not learnt it (NaN: there is none)."""

    columns: Columns
    parts: Parts
    labels: Labels
    answers: Probabilities

    def metrics(self, rows: Mask) -> dict[str, float]:
        return measure(self.labels[rows], self.answers[rows])


def evaluate(asked: str, state: str, snapshot: str, model: str, profile: str) -> dict[str, float]:
    """Write the drift profile to the file `profile`; return the metrics."""
    place = Workspace(asked, state)
    with place.step("evaluate") as report:
        request, table = place.request, load(snapshot)
        judged = _judged(request, table, Path(model))
        report.metrics = judged.metrics(judged.parts.judged)
        report.gates = judge(request.spec.gates, report.metrics, _beside(request, table, judged))
        write_whole(Path(profile), _profile(judged, request.spec.data.block))
        return report.metrics


def _judged(request: RunRequest, table: pa.Table, folder: Path) -> Judged:
    data = request.spec.data
    parts = part(table, data, request.spec.trainer.seed)
    columns = columns_of(table, features_of(data, table.column_names))
    found = answers(folder, parts, columns, int(request.spec.resources.cpu))
    return Judged(columns, parts, labels_of(table, data.target), found)


def _beside(request: RunRequest, table: pa.Table, judged: Judged) -> Comparison | None:
    champion = request.compared
    if champion is None:
        return None
    rows = unlearnt_by_both(table, request.spec.data, judged.parts, champion)
    return Comparison(judged.metrics(rows), _champion(request, champion, judged, rows))


def _champion(request: RunRequest, champion: Champion, judged: Judged, rows: Mask) -> dict[str, float]:
    columns = rows_of(judged.columns, rows)
    return measure(judged.labels[rows], score_champion(champion, columns, int(request.spec.resources.cpu)))


def _profile(judged: Judged, block: str | None) -> bytes:
    """Inputs are measured on all rows of the snapshot, loss and calibration on the judged ones."""
    rows, blocks = judged.parts.judged, judged.parts.blocks
    outcomes = Outcomes(judged.labels[rows], judged.answers[rows], None if blocks is None else blocks[rows])
    length = parse_duration(block).total_seconds() if block else 0.0
    return json.dumps(Profile.build(judged.columns, blocks, outcomes, length).to_json(), sort_keys=True).encode()
