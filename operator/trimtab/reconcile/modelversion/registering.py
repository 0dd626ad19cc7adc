"""What the registry is told of a version: tags, and the aliases by which people ask for it."""

from collections.abc import Sequence

from trimtab.api.common import GROUP
from trimtab.api.modelversion import Channel, ModelVersionSpec
from trimtab.api.reasons import VersionCondition as C
from trimtab.api.reasons import VersionReason as R
from trimtab.reconcile import conditions
from trimtab.reconcile.conditions import Fact
from trimtab.reconcile.modelversion import standing
from trimtab.reconcile.modelversion.seen import Seen, registered_model
from trimtab.reconcile.outcome import DropAlias, Effect, LabelVersion, SetAlias

_ALIASES: dict[str, Channel] = {"champion": "Champion", "shadow": "Shadow"}


def fact(seen: Seen, spec: ModelVersionSpec, channel: Channel) -> Fact:
    """Whether the registry shows the version as it is here; effects come before the status, so silence is success."""
    if spec.lineage.mlflow_version is None:
        return Fact(C.REGISTERED, "True", R.NOT_TRACKED)
    if seen.trouble is not None and seen.trouble.system == "registry":
        reason = R.TRACKED_VERSION_MISSING if seen.trouble.refused else R.TRACKING_UNAVAILABLE
        return Fact(C.REGISTERED, "False", reason, seen.trouble.message)
    said = conditions.find(seen.status.conditions, C.REGISTERED)
    if said is not None and _told(seen, channel):
        return Fact(C.REGISTERED, said.status, said.reason, said.message)
    return Fact(C.REGISTERED, "True", R.REGISTERED)


def effects(seen: Seen, spec: ModelVersionSpec, channel: Channel) -> Sequence[Effect]:
    """All the registry is told, again and whole whenever the channel changed or the last telling failed."""
    number = spec.lineage.mlflow_version
    if number is None or _told(seen, channel):
        return ()
    tags = {
        f"{GROUP}/version": spec.version,
        f"{GROUP}/channel": channel,
        f"{GROUP}/model-version": f"{seen.head.namespace}/{seen.head.name}",
    }
    model = registered_model(spec)
    aliases = [effect for alias in _ALIASES for effect in _alias(seen, model, alias, number, channel)]
    return (LabelVersion(model, number, tags), SetAlias(model, f"v{spec.version}", number), *aliases)


def _alias(seen: Seen, model: str, alias: str, number: int, channel: Channel) -> Sequence[Effect]:
    """Who leaves a place to a successor leaves it the alias: taking it away could take what was moved meanwhile."""
    place = _ALIASES[alias]
    if channel == place:
        return (SetAlias(model, alias, number),)
    others = {name for name, registered in seen.tracked.items() if registered == model and name != seen.head.name}
    return () if others & standing.holders(place, seen.services) else (DropAlias(model, alias, number),)


def _told(seen: Seen, channel: Channel) -> bool:
    """Whether the registry was told of this channel, or said before that it does not know the version."""
    said = conditions.find(seen.status.conditions, C.REGISTERED)
    if said is None or seen.status.channel != channel:
        return False
    return said.status == "True" or said.reason == R.TRACKED_VERSION_MISSING
