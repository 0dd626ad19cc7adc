"""When a file that was another one than its spec names is read again: somebody may have restored it.

Passes come with each change of a service, and the file may be large. So it is read in a short time after each stretch
since it was found out, and nothing has to remember when it was read.
"""

from datetime import datetime, timedelta

from trimtab.api.modelversion import ModelVersionStatus
from trimtab.api.reasons import VersionCondition as C
from trimtab.api.reasons import VersionReason as R
from trimtab.reconcile import conditions

_EVERY = timedelta(minutes=5)
_FOR = timedelta(seconds=20)


def is_read(status: ModelVersionStatus, now: datetime) -> bool:
    """Whether the file is read in this pass."""
    found = _found(status)
    return found is None or (now >= found + _EVERY and (now - found) % _EVERY < _FOR)


def look_again(status: ModelVersionStatus, now: datetime) -> timedelta:
    """The time until it is read the next time."""
    found = _found(status) or now
    return _EVERY - (now - found) % _EVERY


def _found(status: ModelVersionStatus) -> datetime | None:
    """When the file was found to be another one, if that is what was said last."""
    said = conditions.find(status.conditions, C.ARTIFACT_VERIFIED)
    return said.last_transition_time if said is not None and said.reason == R.DIGEST_MISMATCH else None
