"""The plan for the serving plane, rendered from the standing as it is written."""

from trimtab.api.inferenceservice import InferenceServiceSpec, ServedVersion
from trimtab.contract.serving import ServingPlan, VersionRef
from trimtab.reconcile.inferenceservice.seen import Seen


def render(seen: Seen, spec: InferenceServiceSpec) -> ServingPlan | None:
    """The plan that the recorded champion and candidate ask for; None while there is no champion to be found."""
    champion = _ref(seen, seen.status.champion)
    if champion is None:
        return None
    return ServingPlan(
        namespace=seen.head.namespace,
        name=seen.head.name,
        model=spec.model,
        champion=champion,
        candidate=_ref(seen, seen.status.shadow),
        replicas=spec.replicas,
        resources=spec.resources,
        route=spec.route,
        shadow=spec.shadow,
        promotion=spec.promotion,
        monitoring=spec.monitoring,
    )


def _ref(seen: Seen, place: ServedVersion | None) -> VersionRef | None:
    """The version to load: from its ModelVersion, or, when that was deleted, as it is in place already."""
    if place is None:
        return None
    version = next((v for v in seen.versions if v.head.name == place.model_version), None)
    if version is None:
        return _in_place(seen, place)
    return VersionRef(
        model_version=version.head.name,
        version=version.spec.version,
        artifact=version.spec.artifact,
        signature=version.spec.signature,
        profile=version.spec.profile,
    )


def _in_place(seen: Seen, place: ServedVersion) -> VersionRef | None:
    plan = seen.served.plan if seen.served else None
    known = [plan.champion, plan.candidate] if plan else []
    return next((ref for ref in known if ref is not None and ref.model_version == place.model_version), None)
