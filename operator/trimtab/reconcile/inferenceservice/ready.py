"""Whether a service is ready: what the engine says of the deployment, and whom the probe of the endpoint names."""

from trimtab.api.inferenceservice import InferenceServiceSpec
from trimtab.api.reasons import ServiceCondition as C
from trimtab.api.reasons import ServiceReason as R
from trimtab.contract.serving import MonitorReport, Served, ServingPlan
from trimtab.reconcile import conditions
from trimtab.reconcile.conditions import Fact
from trimtab.reconcile.inferenceservice.choose import Standing
from trimtab.reconcile.inferenceservice.eligible import in_range, refused
from trimtab.reconcile.inferenceservice.seen import Seen
from trimtab.reconcile.outcome import Trouble

_PODS = {reason.value: reason for reason in (R.POD_REFUSED, R.IMAGE_NOT_PULLED, R.POD_NOT_STARTING, R.UNSCHEDULABLE)}
UNDER_WAY = {R.DEPLOYING, R.SERVING_UNAVAILABLE, R.KUBERAY_NOT_INSTALLED, *_PODS.values()}
"""What passes by itself, or once somebody has put right what the message names."""


def endpoint(seen: Seen, spec: InferenceServiceSpec, standing: Standing, plan: ServingPlan | None) -> list[Fact]:
    """`Ready`, with `Reconciling` or `Stalled` beside it while they are true."""
    ready = _ready(seen, spec, standing, plan)
    if ready.reason in UNDER_WAY:
        return [_goes_on(seen, ready), Fact(C.RECONCILING, "True", ready.reason, ready.message)]
    if ready.reason == R.DEPLOY_FAILED:
        return [ready, Fact(C.STALLED, "True", ready.reason, ready.message)]
    if seen.served is not None and rolls(seen):
        return [ready, _rolling(seen.served)]
    return [ready]


def lacking(seen: Seen, spec: InferenceServiceSpec) -> str:
    """Say why no version can be taken: what lies in range and cannot be served, or that nothing does."""
    inside = [v for v in in_range(seen, spec) if v.status.conditions]
    if not inside:
        return f"no ModelVersion of {spec.model} lies in {spec.version}; create a TrainingRun, or widen spec.version"
    faults = [f"{v.spec.version} is {'rejected' if refused(v, seen.status) else 'not Ready'}" for v in inside[-3:]]
    return f"of {spec.model} in {spec.version}, {', '.join(faults)}; create a TrainingRun, or widen spec.version"


def rolls(seen: Seen) -> bool:
    """Whether what serves is being replaced."""
    return seen.served is not None and seen.served.phase == "Rolling"


def _rolling(served: Served) -> Fact:
    """What serves is being replaced, or cannot be; either way it serves on."""
    if served.reason == R.DEPLOY_FAILED:
        return Fact(C.STALLED, "True", R.DEPLOY_FAILED, served.message)
    return Fact(C.RECONCILING, "True", _PODS.get(served.reason, R.ROLLING), served.message)


def _ready(seen: Seen, spec: InferenceServiceSpec, standing: Standing, plan: ServingPlan | None) -> Fact:
    if seen.trouble is not None:
        return troubled(seen.trouble)
    if standing.champion is None:
        return Fact(C.READY, "False", R.NO_VERSION_IN_RANGE, lacking(seen, spec))
    if seen.status.champion is None or seen.served is None or plan is None or seen.served.plan != plan:
        return _deploying(standing.champion.version)
    if seen.served.phase == "Failed":
        return Fact(C.READY, "False", R.DEPLOY_FAILED, seen.served.message)
    return _answering(seen, seen.report, standing.champion.version)


def _goes_on(seen: Seen, deploying: Fact) -> Fact:
    """A change under way takes nothing from a service that was ready, while a version answers its probe."""
    answers = seen.report.champion.version if seen.report else None
    was_ready = conditions.is_true(seen.status.conditions, C.READY)
    if deploying.reason == R.SERVING_UNAVAILABLE or answers is None or not was_ready:
        return deploying
    return Fact(C.READY, "True", R.ANSWERING, f"{answers} answers; {deploying.message}")


def troubled(trouble: Trouble) -> Fact:
    """The engine is away or not there, which passes; or it refused the plan, which does not."""
    if trouble.refused:
        return Fact(C.READY, "False", R.DEPLOY_FAILED, trouble.message)
    if trouble.reason == R.KUBERAY_NOT_INSTALLED:
        return Fact(C.READY, "False", R.KUBERAY_NOT_INSTALLED, trouble.message)
    return Fact(C.READY, "Unknown", R.SERVING_UNAVAILABLE, trouble.message)


def _answering(seen: Seen, report: MonitorReport | None, version: str) -> Fact:
    """What the probe says: only an answer that names the champion makes a service ready."""
    if report is not None and report.champion.version == version:
        return Fact(C.READY, "True", R.ANSWERING, f"{version} answers")
    if report is not None and report.champion.error is not None:
        return Fact(C.READY, "False", R.VERSION_NOT_LOADED, report.champion.error)
    if seen.served is not None and seen.served.phase in ("Deploying", "Rolling"):
        return _coming(seen.served, version)
    if report is not None:
        return _deploying(version)
    return Fact(C.READY, "False", R.NOT_ANSWERING, "the endpoint does not answer its probe; read the replica's log")


def _deploying(version: str) -> Fact:
    return Fact(C.READY, "False", R.DEPLOYING, f"{version} is being put in place")


def _coming(served: Served, version: str) -> Fact:
    """What the engine says of a first deployment: what keeps its pods from running, or how far it is."""
    if served.reason in _PODS:
        return Fact(C.READY, "False", _PODS[served.reason], served.message)
    text = f"{version} is being put in place"
    return Fact(C.READY, "False", R.DEPLOYING, f"{text}: {served.message}" if served.message else text)
