"""Where a version stands: its channel, and who says so.

A version that was rejected on evidence stays rejected in every service, but for those that have it as champion: their
own evidence stands against it. A rejection for lack of evidence is that service's own affair.
"""

from collections.abc import Sequence

from trimtab.api.modelversion import Channel, ModelVersionSpec, ModelVersionStatus
from trimtab.reconcile.reading import Service


def users(name: str, services: Sequence[Service]) -> list[str]:
    """The services that have the version in place, as champion or as candidate."""
    return sorted(s.head.name for s in services if name in (_champion(s), _shadow(s)))


def rejection(spec: ModelVersionSpec, services: Sequence[Service]) -> str | None:
    """Why the version must not be chosen; None while nothing speaks against it."""
    if spec.rejected:
        return "spec.rejected is true: a gate refused it at training (status.gates of its TrainingRun), or a person did"
    for service in services:
        for decision in service.status.decisions:
            if decision.action == "Rejected" and decision.version == spec.version and not decision.here_only:
                return f"{service.head.name}: {decision.message}"
    return None


def channel(name: str, spec: ModelVersionSpec, before: ModelVersionStatus, services: Sequence[Service]) -> Channel:
    """The channel now, from what the services say and what was recorded."""
    if not spec.rejected and any(_champion(s) == name for s in services):
        return "Champion"
    if before.channel == "Rejected" or rejection(spec, services) is not None:
        return "Rejected"
    if any(_shadow(s) == name for s in services):
        return "Shadow"
    return "Retired" if before.channel in ("Champion", "Retired") else "Candidate"


def holders(channel: Channel, services: Sequence[Service]) -> set[str]:
    """The versions that have the place now, in one service or another."""
    place = {"Champion": _champion, "Shadow": _shadow}[channel]
    return {name for service in services if (name := place(service)) is not None}


def _champion(service: Service) -> str | None:
    return service.status.champion.model_version if service.status.champion else None


def _shadow(service: Service) -> str | None:
    return service.status.shadow.model_version if service.status.shadow else None
