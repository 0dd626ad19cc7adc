"""Which version is champion and which is candidate: the standing, from what was recorded and what there is now.

What is written to status is a verdict; the plan for the serving plane is rendered from the verdict as it was read back,
never from one that is not yet written. So a crash in between loses no evidence and takes nothing back.
"""

from dataclasses import dataclass
from datetime import datetime

from trimtab.api.inferenceservice import Decision as Told
from trimtab.api.inferenceservice import InferenceServiceSpec, ServedVersion, ShadowState
from trimtab.contract.serving import ComparisonReport, MonitorReport
from trimtab.reconcile import semver
from trimtab.reconcile.inferenceservice.eligible import former, number, objection, servable, unfit, withdrawn
from trimtab.reconcile.inferenceservice.judge import Verdict, judge
from trimtab.reconcile.inferenceservice.seen import Seen
from trimtab.reconcile.reading import Version


@dataclass(frozen=True)
class Standing:
    """Who holds which place, and what was decided to get there."""

    champion: ServedVersion | None
    shadow: ShadowState | None
    told: tuple[Told, ...] = ()


def stand(seen: Seen, spec: InferenceServiceSpec, now: datetime) -> Standing:
    """The standing after this pass."""
    standing = Standing(_recorded(seen, now), seen.status.shadow)
    standing = _with_shadow_that_may_serve(standing, seen, spec, now)
    standing = _after_verdict(standing, seen, spec, now)
    standing = _with_champion(standing, seen, spec, now)
    return _with_candidate(standing, seen, spec, now)


def _recorded(seen: Seen, now: datetime) -> ServedVersion | None:
    """The champion as written; when the status was lost, the one that is being served."""
    if seen.status.champion is not None or seen.served is None or seen.served.plan is None:
        return seen.status.champion
    in_place = seen.served.plan.champion
    return ServedVersion(version=in_place.version, model_version=in_place.model_version, since=now)


def _with_shadow_that_may_serve(standing: Standing, seen: Seen, spec: InferenceServiceSpec, now: datetime) -> Standing:
    """Before anything is judged, a candidate that is gone, out of range or rejected is none; a rejection is told."""
    shadow = standing.shadow
    if shadow is None or any(v.head.name == shadow.model_version for v in servable(seen, spec)):
        return standing
    why = objection(seen, shadow)
    told = (_tell("Rejected", shadow.version, why, now, here_only=True),) if why else ()
    return Standing(standing.champion, None, told)


def _after_verdict(standing: Standing, seen: Seen, spec: InferenceServiceSpec, now: datetime) -> Standing:
    """The verdict on the candidate, once there is one; without a word from the monitor there is none."""
    if standing.shadow is None or seen.report is None:
        return standing
    shadow = _answering(standing.shadow, seen.report, now)
    found = seen.report.comparison
    mine = found is not None and found.version == shadow.version
    comparison = found if found is not None and mine else ComparisonReport(version=shadow.version)
    verdict = judge(comparison, spec.promotion, shadow.answering_since or shadow.since, now)
    if verdict is None:
        return Standing(standing.champion, _with_evidence(shadow, comparison), standing.told)
    here_only = not verdict.evidence
    message = _in_words(verdict, shadow, seen.report)
    told = (*standing.told, _tell(verdict.outcome, shadow.version, message, now, here_only=here_only))
    if verdict.outcome == "Rejected":
        return Standing(standing.champion, None, told)
    risen = ServedVersion(version=shadow.version, model_version=shadow.model_version, since=now)
    return Standing(risen, None, told)


def _in_words(verdict: Verdict, shadow: ShadowState, report: MonitorReport) -> str:
    """The verdict's message; of a candidate that was never loaded, with what kept it from that."""
    if verdict.evidence or shadow.answering_since is not None:
        return verdict.message
    return f"{verdict.message}; it never answered: {report.candidate.error or 'it was not loaded'}"


def _answering(shadow: ShadowState, report: MonitorReport, now: datetime) -> ShadowState:
    """The candidate, with the time of its first answer: it has one deadline to be loaded, and one to be compared."""
    if shadow.answering_since is not None or report.candidate.version != shadow.version:
        return shadow
    return shadow.model_copy(update={"answering_since": now})


def _with_evidence(shadow: ShadowState, comparison: ComparisonReport) -> ShadowState:
    """The evidence as it is now; counters alone are written only once they grew by a tenth, to spare writes."""
    before = [(gate.metric, gate.verdict) for gate in shadow.gates]
    turned = before != [(gate.metric, gate.verdict) for gate in comparison.gates]
    grown = comparison.requests >= 1.1 * shadow.requests + 1 or comparison.labelled >= 1.1 * shadow.labelled + 1
    if not comparison.requests or not (turned or grown):
        return shadow
    counters = {name: getattr(comparison, name) for name in ("requests", "labelled", "windows")}
    return shadow.model_copy(update={**counters, "gates": comparison.gates})


def _with_champion(standing: Standing, seen: Seen, spec: InferenceServiceSpec, now: datetime) -> Standing:
    """The first champion, or another one because a person changed the range or rejected the one there is."""
    champion = standing.champion
    fault = unfit(seen, spec, champion) if champion else f"the newest version in {spec.version}"
    choice = servable(seen, spec)
    if fault is None or not choice:
        return standing
    below = [v for v in choice if champion and number(v) < semver.Version.parse(champion.version)]
    rejected = champion is not None and withdrawn(seen, champion)
    best = former(below, seen.status) if below and rejected else choice[-1]
    told = _tell("Deployed", best.spec.version, f"rolled back: {fault}" if best in below else fault, now)
    return Standing(_place(best, now), None, (*standing.told, told))


def _with_candidate(standing: Standing, seen: Seen, spec: InferenceServiceSpec, now: datetime) -> Standing:
    """The newest version above the champion is compared; one that was promoted or rejected just now is no candidate."""
    champion = standing.champion
    if champion is None:
        return standing
    judged = {told.version for told in standing.told}
    low = semver.Version.parse(champion.version)
    above = [v for v in servable(seen, spec) if number(v) > low and v.spec.version not in judged]
    if not above:
        return Standing(champion, None, standing.told)
    best = above[-1]
    if standing.shadow is not None and standing.shadow.model_version == best.head.name:
        return standing
    told = _tell("Shadowed", best.spec.version, f"newer than the champion {champion.version}", now)
    return Standing(champion, ShadowState(**_place(best, now).model_dump()), (*standing.told, told))


def _place(version: Version, now: datetime) -> ServedVersion:
    return ServedVersion(version=version.spec.version, model_version=version.head.name, since=now)


def _tell(action: str, version: str, message: str, now: datetime, *, here_only: bool = False) -> Told:
    told = {"time": now, "action": action, "version": version, "message": message[:300]}
    return Told.model_validate(told | {"here_only": here_only or None})
