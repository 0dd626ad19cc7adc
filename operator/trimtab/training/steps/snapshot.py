"""Pin the data: what was read is named by digest and kept."""

from trimtab.data.snapshot import pin
from trimtab.training.record.workspace import Workspace


def snapshot(asked: str, state: str, store: str) -> str:
    """Return the address of the snapshot."""
    place = Workspace(asked, state)
    with place.step("snapshot") as report:
        report.data = pin(place.request.spec.data, store)
        return report.data.snapshot
