"""What a pass over a ModelVersion does: verify the file once, say where the version stands, tell the registry."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from trimtab.api.modelversion import Channel, ModelVersionSpec, ModelVersionStatus
from trimtab.api.reasons import VersionCondition as C
from trimtab.api.reasons import VersionReason as R
from trimtab.reconcile import backoff, conditions
from trimtab.reconcile.conditions import Fact
from trimtab.reconcile.modelversion import damaged, registering, standing
from trimtab.reconcile.modelversion.seen import Seen
from trimtab.reconcile.outcome import Decision

VersionDecision = Decision[ModelVersionStatus]


def decide(seen: Seen, now: datetime, poll: timedelta) -> VersionDecision:  # noqa: ARG001 - one form for all kinds
    """The decision about a version."""
    if seen.head.deleted is not None:
        return Decision()
    if seen.spec is None:
        return _unreadable(seen, now)
    channel = standing.channel(seen.head.name, seen.spec, seen.status, seen.services)
    artifact = _artifact(seen, seen.spec)
    registered = registering.fact(seen, seen.spec, channel)
    facts = [artifact, registered, *_closing(seen, seen.spec, channel, artifact, registered)]
    status = ModelVersionStatus(
        observed_generation=seen.head.generation,
        conditions=conditions.settle(seen.status.conditions, facts, seen.head.generation, now),
        channel=channel,
        services=standing.users(seen.head.name, seen.services),
    )
    effects = registering.effects(seen, seen.spec, channel)
    return Decision(status, effects=effects, look_again=_look_again(seen, artifact, registered, now))


def _unreadable(seen: Seen, now: datetime) -> VersionDecision:
    """Say which field is at fault, and touch nothing: neither file nor registry can be found without a spec."""
    facts = [
        Fact(C.ARTIFACT_VERIFIED, "False", R.INVALID_SPEC, seen.fault),
        Fact(C.REGISTERED, "Unknown", R.PENDING),
        Fact(C.READY, "False", R.INVALID_SPEC, seen.fault),
        Fact(C.STALLED, "True", R.INVALID_SPEC, seen.fault),
    ]
    settled = conditions.settle(seen.status.conditions, facts, seen.head.generation, now)
    changed = {"observed_generation": seen.head.generation, "conditions": settled}
    return Decision(seen.status.model_copy(update=changed))


def _artifact(seen: Seen, spec: ModelVersionSpec) -> Fact:
    if seen.verified:
        return Fact(C.ARTIFACT_VERIFIED, "True", R.ARTIFACT_VERIFIED)
    if not seen.read:
        said = conditions.find(seen.status.conditions, C.ARTIFACT_VERIFIED)
        return Fact(C.ARTIFACT_VERIFIED, "False", R.DIGEST_MISMATCH, said.message if said else "")
    if seen.trouble is not None and seen.trouble.system == "artifacts":
        return Fact(C.ARTIFACT_VERIFIED, "False", R.ARTIFACT_MISSING, f"{spec.artifact.uri}: {seen.trouble.message}")
    if seen.digest is None:
        return Fact(C.ARTIFACT_VERIFIED, "False", R.ARTIFACT_MISSING, f"{spec.artifact.uri} cannot be read")
    text = f"the file has {seen.digest}; the spec names {spec.artifact.digest}: restore the file"
    return Fact(C.ARTIFACT_VERIFIED, "False", R.DIGEST_MISMATCH, text)


def _closing(seen: Seen, spec: ModelVersionSpec, channel: Channel, artifact: Fact, registered: Fact) -> Sequence[Fact]:
    """`Ready`, and kstatus's own two while they are true. What the registry knows keeps no version from serving."""
    if channel == "Rejected":
        why = standing.rejection(spec, seen.services) or _said(seen)
        return [Fact(C.READY, "False", R.REJECTED, why), Fact(C.STALLED, "True", R.REJECTED, why)]
    if artifact.status != "True":
        lasting = C.STALLED if artifact.reason == R.DIGEST_MISMATCH else C.RECONCILING
        return [
            Fact(C.READY, "False", artifact.reason, artifact.message),
            Fact(lasting, "True", artifact.reason, artifact.message),
        ]
    return [Fact(C.READY, "True", R.SERVABLE), *_still_telling(registered)]


def _still_telling(registered: Fact) -> Sequence[Fact]:
    if registered.reason == R.TRACKING_UNAVAILABLE:
        return [Fact(C.RECONCILING, "True", registered.reason, registered.message)]
    return []


def _said(seen: Seen) -> str:
    ready = conditions.find(seen.status.conditions, C.READY)
    return ready.message if ready else ""


def _look_again(seen: Seen, artifact: Fact, registered: Fact, now: datetime) -> timedelta | None:
    for fact in (artifact, registered):
        if fact.reason in (R.ARTIFACT_MISSING, R.TRACKING_UNAVAILABLE):
            since = conditions.find(seen.status.conditions, fact.type)
            failing = since is not None and since.status == "False"
            return backoff.while_failing(since.last_transition_time if since and failing else now, now)
    return damaged.look_again(seen.status, now) if artifact.reason == R.DIGEST_MISMATCH else None
