"""What a ModelVersion tells: its conditions and their reasons."""

from trimtab.api.reasons.base import DocumentedCondition, DocumentedReason


class VersionCondition(DocumentedCondition):
    """Conditions of a ModelVersion. `Ready` and `Stalled` repeat the reason of the first condition that is not true."""

    ARTIFACT_VERIFIED = "ArtifactVerified", "The model file is there and has the digest the spec names."
    REGISTERED = "Registered", "MLflow shows the version, its tags and its aliases as they are here."
    READY = "Ready", "The version may be served."
    RECONCILING = "Reconciling", "Present only while something is still being checked or written to MLflow."
    STALLED = "Stalled", "Present only when the version cannot be served and that will not change by itself."


_C = VersionCondition


class VersionReason(DocumentedReason):
    """Reasons of a ModelVersion's conditions."""

    PENDING = "Pending", (_C.ARTIFACT_VERIFIED, _C.REGISTERED), "Unknown", "Not checked yet."
    INVALID_SPEC = (
        "InvalidSpec",
        (_C.ARTIFACT_VERIFIED,),
        "False",
        "The spec passed the API server but cannot be read; the message names the field.",
        "Create a new ModelVersion: the spec is immutable.",
    )
    ARTIFACT_VERIFIED = "ArtifactVerified", (_C.ARTIFACT_VERIFIED,), "True", "The file's SHA-256 is the spec's."
    ARTIFACT_MISSING = (
        "ArtifactMissing",
        (_C.ARTIFACT_VERIFIED,),
        "False",
        "There is nothing at spec.artifact.uri that can be read.",
        "Restore the file, or make it readable; it is checked again by itself.",
    )
    DIGEST_MISMATCH = (
        "DigestMismatch",
        (_C.ARTIFACT_VERIFIED,),
        "False",
        "The file does not have the digest in the spec: it was changed or damaged.",
        "Restore the file (it is read again every 5 minutes), or create a new ModelVersion with the file's own digest.",
    )
    REGISTERED = "Registered", (_C.REGISTERED,), "True", "MLflow's tags and aliases are up to date."
    NOT_TRACKED = (
        "NotTracked",
        (_C.REGISTERED,),
        "True",
        "The version was imported by hand, so MLflow does not know it.",
    )
    TRACKING_UNAVAILABLE = (
        "TrackingUnavailable",
        (_C.REGISTERED,),
        "False",
        "MLflow does not answer. Serving is not affected.",
        "Bring MLflow back; tags and aliases are then written by themselves.",
    )
    TRACKED_VERSION_MISSING = (
        "TrackedVersionMissing",
        (_C.REGISTERED,),
        "False",
        "MLflow no longer knows the version that spec.lineage names. Serving is not affected.",
        "Restore it in MLflow, or ignore this: nothing else depends on it.",
    )
    SERVABLE = "Servable", (_C.READY,), "True", "The version may be served."
    REJECTED = (
        "Rejected",
        (_C.READY,),
        "False",
        "A gate refused the version, at training or in shadow, or spec.rejected was set; it is kept for the record.",
        "Read the service's status.decisions or the TrainingRun's status.gates; a new TrainingRun makes a new version.",
    )
