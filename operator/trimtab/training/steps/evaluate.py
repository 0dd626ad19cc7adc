"""Judge the exported model on the held-out rows, beside the champion, and measure what it promises of the world."""

import json
from pathlib import Path

from trimtab.contract.run import RunRequest
from trimtab.data.holdout import Parts, part
from trimtab.data.selection import features_of
from trimtab.data.snapshot import load
from trimtab.data.store import write_whole
from trimtab.drift import Outcomes, Profile
from trimtab.training.champion import score_champion
from trimtab.training.columns import Columns, columns_of, labels_of, rows_of
from trimtab.training.gates import judge
from trimtab.training.metrics import Labels, Probabilities, measure
from trimtab.training.scoring import Scorer
from trimtab.training.workspace import Workspace


def evaluate(workspace: str, snapshot: str, model: str, profile: str) -> dict[str, float]:
    """Write the drift profile to the file `profile`; return the metrics."""
    place = Workspace(Path(workspace))
    with place.step("evaluate") as report:
        request, table = place.request(), load(Path(snapshot))
        spec = request.spec
        parts = part(table, spec.data, spec.trainer.seed)
        columns = columns_of(table, features_of(spec.data, table.column_names))
        labels, held_out = labels_of(table, spec.data.target)[parts.held_out], rows_of(columns, parts.held_out)
        scorer = Scorer((Path(model) / "model.onnx").read_bytes(), int(spec.resources.cpu))
        probabilities = scorer.score(held_out)
        report.metrics = measure(labels, probabilities)
        report.gates = judge(spec.gates, report.metrics, _champion(request, held_out, labels))
        write_whole(Path(profile), _profile(columns, parts, labels, probabilities))
        return report.metrics


def _champion(request: RunRequest, columns: Columns, labels: Labels) -> dict[str, float] | None:
    asked = any(gate.champion is not None for gate in request.spec.gates)
    if request.champion is None or not asked:
        return None
    return measure(labels, score_champion(request.champion, columns, int(request.spec.resources.cpu)))


def _profile(columns: Columns, parts: Parts, labels: Labels, probabilities: Probabilities) -> bytes:
    """Inputs are measured on all rows of the snapshot, loss and calibration on the held-out ones."""
    blocks = None if parts.blocks is None else parts.blocks[parts.held_out]
    outcomes = Outcomes(labels, probabilities, blocks)
    return json.dumps(Profile.build(columns, parts.blocks, outcomes).to_json(), sort_keys=True).encode()
