"""What a pass over an InferenceService does: release, refuse, hold, or serve."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from trimtab.api.inferenceservice import DriftState, InferenceServiceSpec, InferenceServiceStatus
from trimtab.api.reasons import ServiceCondition as C
from trimtab.api.reasons import ServiceReason as R
from trimtab.contract.serving import ServingPlan
from trimtab.reconcile import backoff, conditions, naming
from trimtab.reconcile.conditions import Fact
from trimtab.reconcile.inferenceservice import choose, facts, plan, retrain
from trimtab.reconcile.inferenceservice import ready as readiness
from trimtab.reconcile.inferenceservice.choose import Standing
from trimtab.reconcile.inferenceservice.eligible import remembered
from trimtab.reconcile.inferenceservice.retrain import Episodes
from trimtab.reconcile.inferenceservice.seen import KIND, Seen
from trimtab.reconcile.outcome import SOON, Apply, Create, Decision, Effect, PutPlan, Release, RemoveService

ServiceDecision = Decision[InferenceServiceStatus]
RELEASE_DEADLINE = timedelta(minutes=1)  # deleting never waits longer for a serving plane that is away


def decide(seen: Seen, now: datetime, poll: timedelta) -> ServiceDecision:
    """The decision about a service; `poll` is the time between looks at its monitor."""
    if seen.head.deleted is not None:
        return _release(seen, seen.head.deleted, now)
    if seen.spec is None:
        return _refuse(seen, now)
    if naming.FINALIZER not in seen.head.finalizers:
        return Decision(effects=(Apply(naming.with_finalizer(KIND, seen.head)),), look_again=SOON)
    return _hold(seen, now) if seen.spec.suspend else _serve(seen, seen.spec, now, poll)


def _serve(seen: Seen, spec: InferenceServiceSpec, now: datetime, poll: timedelta) -> ServiceDecision:
    standing = choose.stand(seen, spec, now)
    episodes = retrain.respond(seen, spec, standing, now, poll)
    wanted = plan.render(seen, spec)
    said = _facts(seen, spec, standing, episodes, wanted, now)
    status = _written(
        seen,
        said,
        now,
        url=seen.served.url if seen.served else seen.status.url,
        champion=standing.champion,
        shadow=standing.shadow,
        drift=_drift(seen, standing),
        episode=episodes.last,
        decisions=remembered([*seen.status.decisions, *standing.told, *episodes.told]),
    )
    effects = (*_put(seen, standing, wanted, now, poll), *([Create(episodes.run)] if episodes.run else []))
    return Decision(status, effects=effects, look_again=_look_again(seen, standing, now, poll))


def _facts(
    seen: Seen,
    spec: InferenceServiceSpec,
    standing: Standing,
    episodes: Episodes,
    wanted: ServingPlan | None,
    now: datetime,
) -> Sequence[Fact]:
    ready, *rest = readiness.endpoint(seen, spec, standing, wanted)
    return [
        ready,
        facts.up_to_date(seen, spec, standing, [ready, *rest], now),
        facts.shadow(seen, standing),
        facts.routed(seen, spec),
        facts.stable(seen, spec, standing),
        facts.retrain_allowed(episodes.ruling),
        *rest,
    ]


def _put(
    seen: Seen, standing: Standing, wanted: ServingPlan | None, now: datetime, poll: timedelta
) -> Sequence[Effect]:
    """Bring the serving plane to the plan, once the standing it was rendered from is the one that is written."""
    if seen.trouble is not None or wanted is None or _moved(seen, standing):
        return ()
    in_place = seen.served is not None and seen.served.plan == wanted and not seen.served.outdated
    if in_place and not _try_again(seen, now, poll):
        return ()
    return (PutPlan(wanted),)


def _try_again(seen: Seen, now: datetime, poll: timedelta) -> bool:
    """Whether a deployment that failed is to be tried again: every half minute since."""
    stalled = conditions.find(seen.status.conditions, C.STALLED)
    if seen.served is None or seen.served.phase != "Failed" or stalled is None:
        return False
    return backoff.is_due(stalled.last_transition_time, now, poll, backoff.TRY_AGAIN)


def _moved(seen: Seen, standing: Standing) -> bool:
    """Whether this pass gave a place to another version than the status names."""
    before = (seen.status.champion, seen.status.shadow)
    after = (standing.champion, standing.shadow)
    return [place and place.model_version for place in before] != [place and place.model_version for place in after]


def _drift(seen: Seen, standing: Standing) -> DriftState | None:
    """The monitor's word about this champion; while it is silent, what it said last."""
    if seen.report is None:
        return seen.status.drift
    mine = standing.champion is not None and seen.report.drift_version == standing.champion.version
    return seen.report.drift if mine else None


def _look_again(seen: Seen, standing: Standing, now: datetime, poll: timedelta) -> timedelta:
    if seen.trouble is not None:
        return _wait(seen, readiness.troubled(seen.trouble).reason, now)
    return SOON if _moved(seen, standing) else poll


def _wait(seen: Seen, reason: str, now: datetime) -> timedelta:
    """How long until the next try, by how long the service has been unready for this reason."""
    ready = conditions.find(seen.status.conditions, C.READY)
    failing = ready is not None and ready.reason == reason
    return backoff.while_failing(ready.last_transition_time if ready and failing else now, now)


def _hold(seen: Seen, now: datetime) -> ServiceDecision:
    """Take the endpoint down; champion and decisions are kept, so it comes back as it was."""
    if seen.trouble is not None:
        status = _written(seen, facts.being_taken_down(seen.trouble), now, shadow=None)
        return Decision(status, look_again=_wait(seen, R.SERVING_UNAVAILABLE, now))
    status = _written(seen, facts.suspended(), now, url=None, shadow=None)
    gone = () if seen.served is None else (RemoveService(seen.head.namespace, seen.head.name),)
    return Decision(status, effects=gone)


def _refuse(seen: Seen, now: datetime) -> ServiceDecision:
    """The spec cannot be read: what is served goes on, and a corrected spec is waited for."""
    said = {fact.type: fact for fact in conditions.as_facts(seen.status.conditions)}
    said[C.READY] = Fact(C.READY, "False", R.INVALID_SPEC, seen.fault)
    said[C.STALLED] = Fact(C.STALLED, "True", R.INVALID_SPEC, seen.fault)
    return Decision(_written(seen, list(said.values()), now))


def _release(seen: Seen, deleted: datetime, now: datetime) -> ServiceDecision:
    """Take the application away, then let the object go; a serving plane that is away holds it for a while only."""
    if naming.FINALIZER not in seen.head.finalizers:
        return Decision()
    go = Release(naming.without_finalizer(KIND, seen.head))
    if seen.trouble is None:
        return Decision(effects=(RemoveService(seen.head.namespace, seen.head.name), go))
    if now < deleted + RELEASE_DEADLINE:
        return Decision(look_again=timedelta(seconds=1))
    return Decision(effects=(go,))


def _written(seen: Seen, said: Sequence[Fact], now: datetime, **fields: Any) -> InferenceServiceStatus:
    settled = conditions.settle(seen.status.conditions, said, seen.head.generation, now)
    update = {"observed_generation": seen.head.generation, "conditions": settled, **fields}
    return seen.status.model_copy(update=update)
