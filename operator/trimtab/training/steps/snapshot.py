"""Pin the data: what was read is named by digest and kept."""

from pathlib import Path

from trimtab.data.snapshot import pin
from trimtab.training.workspace import Workspace


def snapshot(workspace: str, store: str) -> str:
    """Return the path of the snapshot."""
    place = Workspace(Path(workspace))
    with place.step("snapshot") as report:
        report.data = pin(place.request().spec.data, Path(store))
        return report.data.snapshot
