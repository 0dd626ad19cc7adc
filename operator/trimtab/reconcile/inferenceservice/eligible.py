"""Which versions may have a place in a service, and what speaks against those that may not."""

from collections.abc import Sequence

from trimtab.api.inferenceservice import Decision, InferenceServiceSpec, InferenceServiceStatus, ServedVersion
from trimtab.api.reasons import VersionCondition
from trimtab.reconcile import conditions, semver
from trimtab.reconcile.inferenceservice.seen import Seen
from trimtab.reconcile.reading import Version

_KEPT, _LATEST = 50, 25


def servable(seen: Seen, spec: InferenceServiceSpec) -> list[Version]:
    """The versions in range that may be served, in the order of their numbers."""
    good = [v for v in in_range(seen, spec) if not refused(v, seen.status) and v.head.deleted is None]
    return [v for v in good if conditions.is_true(v.status.conditions, VersionCondition.READY)]


def in_range(seen: Seen, spec: InferenceServiceSpec) -> list[Version]:
    """The versions in range, servable or not, in the order of their numbers."""
    return sorted((v for v in seen.versions if semver.contains(spec.version, v.spec.version)), key=number)


def refused(version: Version, status: InferenceServiceStatus) -> bool:
    """Whether a gate refused the version, at training, in shadow elsewhere, or in this service."""
    here = any(d.action == "Rejected" and d.version == version.spec.version for d in status.decisions)
    return here or version.spec.rejected or version.status.channel == "Rejected"


def withdrawn(seen: Seen, place: ServedVersion) -> bool:
    """Whether a version that has a place was rejected since, by a person."""
    return any(v.head.name == place.model_version and v.spec.rejected for v in seen.versions)


def objection(seen: Seen, place: ServedVersion) -> str | None:
    """Why a version that has a place is rejected, by a person or by another service; None where it is not."""
    version = next((v for v in seen.versions if v.head.name == place.model_version), None)
    if version is None or version.spec.rejected:
        return "spec.rejected of its ModelVersion was set" if version else None
    if version.status.channel != "Rejected":
        return None
    ready = conditions.find(version.status.conditions, VersionCondition.READY)
    return f"rejected elsewhere: {ready.message}" if ready else "rejected elsewhere"


def unfit(seen: Seen, spec: InferenceServiceSpec, champion: ServedVersion) -> str | None:
    """Why the champion ought to go; None while nothing speaks against it."""
    if not semver.contains(spec.version, champion.version):
        return f"{champion.version} is no longer in {spec.version}"
    return f"{champion.version} was rejected" if withdrawn(seen, champion) else None


def former(versions: Sequence[Version], status: InferenceServiceStatus) -> Version:
    """The newest that was in place: in this service, else in any; else the newest, though nothing ever judged it."""
    told = {d.version for d in status.decisions if d.action in ("Deployed", "Promoted")}
    here = [v for v in versions if v.spec.version in told]
    anywhere = [v for v in versions if v.status.channel in ("Champion", "Retired")]
    return (here or anywhere or versions)[-1]


def remembered(decisions: Sequence[Decision]) -> list[Decision]:
    """The newest decisions; a rejection that holds here only is recalled by nothing else, so older others go first."""
    old = sorted(decisions[:-_LATEST], key=lambda told: told.here_only is True)
    gone = {id(told) for told in old[: max(0, len(decisions) - _KEPT)]}
    return [told for told in decisions if id(told) not in gone]


def number(version: Version) -> semver.Version:
    """The version's number, to order by."""
    return semver.Version.parse(version.spec.version)
