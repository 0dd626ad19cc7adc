"""Refuse data that is not as expected, before anything is trained on it."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from trimtab.api.reasons import TrainingReason
from trimtab.api.trainingrun import TrainingRunSpec
from trimtab.data.expectations import check
from trimtab.data.holdout import part
from trimtab.data.snapshot import load
from trimtab.drift.profile import split
from trimtab.errors import Refuse
from trimtab.training.workspace import Workspace

_CLASSES = 2
_BLOCKS = 2  # a profile is a mean of blocks and its spread


def validate(workspace: str, snapshot: str) -> None:
    """Check columns, values, and that both parts of the rows can be learned from and judged on."""
    place = Workspace(Path(workspace))
    with place.step("validate") as report:
        spec, table = place.request().spec, load(Path(snapshot))
        check(table, spec.data)
        _check_parts(table, spec)
        report.data_valid = True


def _check_parts(table: pa.Table, spec: TrainingRunSpec) -> None:
    parts = part(table, spec.data, spec.trainer.seed)
    for name, mask in (("training", parts.training), ("held-out", parts.held_out)):
        if len(pc.unique(table.column(spec.data.target).filter(pa.array(mask)))) < _CLASSES:
            raise _too_few(f"the {mask.sum()} {name} rows hold only one value of {spec.data.target!r}")
    if sum(1 for _ in split(parts.blocks, table.num_rows)) < _BLOCKS:
        raise _too_few(f"the {table.num_rows} rows are too few to tell how they vary")


def _too_few(what: str) -> Refuse:
    message = f"{what}: widen spec.data.window, or change spec.data.holdout"
    return Refuse(TrainingReason.TOO_FEW_ROWS, message)
