"""Refuse data that is not as expected, before anything is trained on it."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from trimtab.api.reasons import TrainingReason
from trimtab.contract.run import RunRequest
from trimtab.data.expectations import check
from trimtab.data.holdout import Mask, Parts, part
from trimtab.data.snapshot import load
from trimtab.drift.reference.profile import split
from trimtab.errors import Refuse
from trimtab.training.judgement.heldout import unlearnt_by_both
from trimtab.training.record.workspace import Workspace

_CLASSES = 2
_WIDER = "widen spec.data.window, or change spec.data.holdout"
_BLOCKS = 2  # a profile is a mean of blocks and its spread


def validate(asked: str, state: str, snapshot: str) -> None:
    """Check columns, values, and that both parts of the rows can be learned from and judged on."""
    place = Workspace(asked, state)
    with place.step("validate") as report:
        request, table = place.request, load(snapshot)
        check(table, request.spec.data)
        _check_parts(table, request)
        report.data_valid = True


def _check_parts(table: pa.Table, request: RunRequest) -> None:
    data = request.spec.data
    parts = part(table, data, request.spec.trainer.seed)
    for name, mask, remedy in _masks(table, request, parts):
        if len(pc.unique(table.column(data.target).filter(pa.array(mask)))) < _CLASSES:
            raise _too_few(f"the {mask.sum()} {name} hold only one value of {data.target!r}", remedy)
    if sum(1 for _ in split(parts.blocks, table.num_rows)) < _BLOCKS:
        raise _too_few(f"the {table.num_rows} rows are too few to tell how they vary")


def _masks(table: pa.Table, request: RunRequest, parts: Parts) -> Iterator[tuple[str, Mask, str]]:
    """Rows that must hold both values of the target, what they are called, and what helps if they do not."""
    for number in parts.numbers:
        yield "training rows", parts.part != number, _WIDER
    yield "held-out rows", parts.judged, _WIDER
    if request.compared is not None:
        rows = unlearnt_by_both(table, request.spec.data, parts, request.compared)
        remedy = "wait for newer data, hold out as it did (holdout, seed), or leave the champion out of spec.gates"
        yield f"rows that champion {request.compared.version} has not learnt", rows, remedy


def _too_few(what: str, remedy: str = _WIDER) -> Refuse:
    return Refuse(TrainingReason.TOO_FEW_ROWS, f"{what}: {remedy}")
