"""The conditions of a service, each said by one function. Drift never makes `Ready` false."""

from collections.abc import Sequence
from datetime import datetime

from trimtab.api.inferenceservice import InferenceServiceSpec, Promotion, ShadowState
from trimtab.api.reasons import ServiceCondition as C
from trimtab.api.reasons import ServiceReason as R
from trimtab.contract.serving import MonitorReport
from trimtab.reconcile import semver
from trimtab.reconcile.conditions import Fact
from trimtab.reconcile.governor import Ruling
from trimtab.reconcile.inferenceservice import judge, ready
from trimtab.reconcile.inferenceservice.choose import Standing
from trimtab.reconcile.inferenceservice.eligible import refused, unfit
from trimtab.reconcile.inferenceservice.seen import Seen
from trimtab.reconcile.inferenceservice.told import remarks, unjudged, unwatched
from trimtab.reconcile.outcome import Trouble

_DROPPED = 0.1  # share of the rows a healthy candidate may miss


def up_to_date(
    seen: Seen, spec: InferenceServiceSpec, standing: Standing, endpoint: Sequence[Fact], now: datetime
) -> Fact:
    """Whether the champion is what the range selects; a newer version outside of it is told, and waits for a commit."""
    said = {fact.reason: fact.message for fact in endpoint}
    if standing.champion is None:
        return Fact(C.UP_TO_DATE, "False", R.NO_VERSION_IN_RANGE, endpoint[0].message)
    if fault := unfit(seen, spec, standing.champion):
        text = f"{fault} and answers all the same: {ready.lacking(seen, spec)}"
        return Fact(C.UP_TO_DATE, "False", R.NO_VERSION_IN_RANGE, text)
    if standing.shadow is not None:
        text = f"{standing.shadow.version} is compared with {standing.champion.version} on live traffic"
        text += _overdue(standing.shadow, spec.promotion, now)
        return Fact(C.UP_TO_DATE, "False", R.CANDIDATE_IN_SHADOW, text)
    if R.SERVING_UNAVAILABLE in said:
        return Fact(C.UP_TO_DATE, "Unknown", R.SERVING_UNAVAILABLE, said[R.SERVING_UNAVAILABLE])
    if (coming := next((f for f in endpoint if f.reason in ready.UNDER_WAY), None)) and not ready.rolls(seen):
        return Fact(C.UP_TO_DATE, "False", coming.reason, coming.message)
    return Fact(C.UP_TO_DATE, "True", R.CHAMPION_IS_NEWEST, _outside(seen, spec, standing.champion.version))


def _overdue(shadow: ShadowState, promotion: Promotion, now: datetime) -> str:
    """Add what is waited for after the end of a comparison, where the spec says to wait."""
    end = judge.end_of(promotion, shadow.windows, shadow.answering_since or shadow.since, now)
    if end is None or promotion.on_no_data == "Fail":
        return ""
    over = "the deadline is over" if end == "at the deadline" else "promotion.maxWindows are over"
    if shadow.answering_since is None:
        return f"; {over}, and it never answered: ShadowHealthy says why"
    counted = f"{shadow.requests} rows, {shadow.labelled} labelled"
    return f"; {over} without enough evidence: {counted}; send requests and labels, or set promotion.onNoData to Fail"


def _outside(seen: Seen, spec: InferenceServiceSpec, champion: str) -> str:
    good = [v.spec.version for v in seen.versions if not refused(v, seen.status)]
    newest = semver.highest(good)
    if newest is None or semver.contains(spec.version, newest):
        return ""
    if semver.Version.parse(newest) < semver.Version.parse(champion):
        return ""
    return f"{newest} lies outside of {spec.version}; change spec.version to take it"


def shadow(seen: Seen, standing: Standing) -> Fact:
    """Whether the candidate answers."""
    if standing.shadow is None:
        return Fact(C.SHADOW_HEALTHY, "True", R.NO_CANDIDATE)
    if seen.trouble is not None:
        return Fact(C.SHADOW_HEALTHY, "Unknown", R.SERVING_UNAVAILABLE, seen.trouble.message)
    if seen.report is None:
        return _unreachable(C.SHADOW_HEALTHY)
    if seen.report.candidate.error is not None:
        return Fact(C.SHADOW_HEALTHY, "False", R.CANDIDATE_NOT_LOADED, seen.report.candidate.error)
    if seen.report.candidate.version != standing.shadow.version:
        return Fact(C.SHADOW_HEALTHY, "Unknown", R.PENDING, _loading(seen, standing.shadow.version))
    return _dropping(seen.report) or Fact(C.SHADOW_HEALTHY, "True", R.CANDIDATE_ANSWERING, unwatched(seen.report.drift))


def _unreachable(condition: C) -> Fact:
    text = "the endpoint does not tell what its monitor knows; see Ready for why"
    return Fact(condition, "Unknown", R.MONITOR_UNREACHABLE, text)


def _loading(seen: Seen, version: str) -> str:
    """How far a candidate is; the champion answers meanwhile, so what the engine says would else be told nowhere."""
    text = f"{version} is being loaded"
    return f"{text}: {seen.served.message}" if seen.served and seen.served.message else text


def _dropping(report: MonitorReport) -> Fact | None:
    found = report.comparison
    if found is None or found.dropped <= _DROPPED * (found.requests + found.dropped):
        return None
    text = "the candidate answers too late for more than a tenth of its rows; raise spec.shadow.timeout or maxQueue"
    return Fact(C.SHADOW_HEALTHY, "False", R.CANDIDATE_DROPPING, text)


def stable(seen: Seen, spec: InferenceServiceSpec, standing: Standing) -> Fact:
    """What the monitor says of the champion."""
    if not _watched(seen, spec, standing):
        return Fact(C.STABLE, "Unknown", R.NOT_MONITORED, "the champion has no profile, or spec.monitoring is empty")
    if seen.report is None:
        return _unreachable(C.STABLE)
    drift = seen.report.drift
    mine = standing.champion is not None and seen.report.drift_version == standing.champion.version
    if mine and seen.report.detector_error and drift.verdict in ("Stable", "Unknown"):
        return Fact(C.STABLE, "Unknown", R.DETECTOR_UNAVAILABLE, seen.report.detector_error)
    if not mine or drift.verdict == "Unknown":
        return unjudged(seen.report if mine else MonitorReport())
    if drift.verdict == "Stable":
        return Fact(C.STABLE, "True", R.STABLE, remarks(seen.report))
    reason = R.DATA_DRIFT if drift.verdict == "DataDrift" else R.CONCEPT_DRIFT
    names = ", ".join(finding.quantity for finding in drift.findings[:3]) or "the distribution"
    return Fact(C.STABLE, "False", reason, remarks(seen.report, f"{names} moved; status.drift has the numbers"))


def _watched(seen: Seen, spec: InferenceServiceSpec, standing: Standing) -> bool:
    if spec.monitoring.data is None and spec.monitoring.concept is None:
        return False
    name = standing.champion.model_version if standing.champion else None
    version = next((v for v in seen.versions if v.head.name == name), None)
    return version is None or version.spec.profile is not None


def retrain_allowed(ruling: Ruling) -> Fact:
    """The governor's ruling."""
    return Fact(C.RETRAIN_ALLOWED, "True" if ruling.allowed else "False", ruling.reason, ruling.message)


def routed(seen: Seen, spec: InferenceServiceSpec) -> Fact:
    """Whether clients outside the cluster are let in, where that is asked for."""
    if spec.route is None:
        return Fact(C.ROUTED, "True", R.NO_ROUTE)
    if seen.trouble is not None:
        return Fact(C.ROUTED, "Unknown", R.SERVING_UNAVAILABLE, seen.trouble.message)
    route = seen.served.route if seen.served else None
    if route is None or route.accepted is None:
        return Fact(C.ROUTED, "Unknown", R.PENDING, f"the gateway {spec.route.gateway.name} has not taken it up yet")
    if route.accepted:
        return Fact(C.ROUTED, "True", R.ROUTE_ACCEPTED)
    return Fact(C.ROUTED, "False", R.ROUTE_NOT_ACCEPTED, route.message)


def suspended() -> Sequence[Fact]:
    """The endpoint is down on purpose."""
    text = "set spec.suspend to false to bring the endpoint back"
    types = (C.READY, C.UP_TO_DATE, C.SHADOW_HEALTHY, C.ROUTED, C.STABLE, C.RETRAIN_ALLOWED)
    return [Fact(type_, "False", R.SUSPENDED, text) for type_ in types]


def being_taken_down(trouble: Trouble) -> Sequence[Fact]:
    """The endpoint is to be down and may answer still, as the serving plane does not do what it is told."""
    text = f"spec.suspend is true, and the endpoint cannot be taken down yet: {trouble.message}"
    open_ = (C.READY, C.UP_TO_DATE, C.SHADOW_HEALTHY, C.ROUTED)
    unknown = [Fact(type_, "Unknown", R.SERVING_UNAVAILABLE, text) for type_ in open_]
    rest = [fact for fact in suspended() if fact.type not in open_]
    return [*unknown, *rest, Fact(C.RECONCILING, "True", R.SERVING_UNAVAILABLE, text)]
