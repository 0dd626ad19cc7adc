"""What happened, as entries a person reads: each decision of the operator, with its cause and numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from examples.flights.demo.world import Version, World


@dataclass(frozen=True)
class Entry:
    """One thing that was decided."""

    time: datetime | None
    action: str
    version: str | None
    run: str | None
    message: str

    @property
    def key(self) -> tuple[str, str | None, str | None]:
        """What makes two entries the same one; the message may grow."""
        return self.action, self.version, self.run


def entries(world: World) -> list[Entry]:
    """All decisions so far: those in the service's status, and the versions a gate refused at training."""
    told = [Entry(d.time, d.action, d.version, d.run, d.message) for d in world.decisions]
    refused = {entry.version for entry in told if entry.action == "Rejected"}
    return told + [entry for entry in _refused_at_training(world) if entry.version not in refused]


def _refused_at_training(world: World) -> Iterator[Entry]:
    for version in world.versions:
        if version.spec.rejected:
            run = version.spec.lineage.training_run
            yield Entry(None, "Rejected", version.spec.version, run, _gates(world, version))


def _gates(world: World, version: Version) -> str:
    """The numbers of the gates that refused a version."""
    runs = (run for run in world.runs if run.name == version.spec.lineage.training_run)
    failed = [gate for run in runs for gate in run.status.gates if not gate.passed]
    said = [
        f"{gate.metric} {gate.value:.4f} against {gate.limit:.4f}"
        + (f" (champion {gate.champion:.4f})" if gate.champion is not None else "")
        for gate in failed
    ]
    return "refused at training: " + ("; ".join(said) or "a gate failed")
