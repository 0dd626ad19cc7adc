"""The words of `status.conditions`, per kind, each with when it is set and what the user should do.

`docs/reference/conditions.md` is generated from these enums.
"""

from trimtab.api.reasons.base import DocumentedCondition, DocumentedReason, Status
from trimtab.api.reasons.service import ServiceCondition, ServiceReason
from trimtab.api.reasons.training import TrainingCondition, TrainingReason
from trimtab.api.reasons.version import VersionCondition, VersionReason

__all__ = [
    "DocumentedCondition",
    "DocumentedReason",
    "ServiceCondition",
    "ServiceReason",
    "Status",
    "TrainingCondition",
    "TrainingReason",
    "VersionCondition",
    "VersionReason",
]
