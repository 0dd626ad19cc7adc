"""Effects on the world: each kind of effect is one call of one port."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from trimtab.errors import Refuse, Retry, TrimtabError, Wait
from trimtab.ports import World
from trimtab.reconcile.outcome import (
    Apply,
    CancelRun,
    Create,
    Delete,
    DropAlias,
    Effect,
    LabelVersion,
    PutPlan,
    Release,
    RemoveService,
    SetAlias,
    StartRun,
    System,
    Trouble,
)

_CALLS: dict[type[Effect], tuple[System, Callable[[World, Any], Awaitable[object]]]] = {
    StartRun: ("pipelines", lambda world, e: world.pipelines.start(e.key, e.request)),
    CancelRun: ("pipelines", lambda world, e: world.pipelines.cancel(e.key)),
    PutPlan: ("serving", lambda world, e: world.serving.apply(e.plan)),
    RemoveService: ("serving", lambda world, e: world.serving.remove(e.namespace, e.name)),
    LabelVersion: ("registry", lambda world, e: world.registry.label(e.model, e.version, e.tags)),
    SetAlias: ("registry", lambda world, e: world.registry.alias(e.model, e.alias, e.version)),
    DropAlias: ("registry", lambda world, e: world.registry.unalias(e.model, e.alias, e.version)),
    Create: ("cluster", lambda world, e: world.cluster.create(e.obj)),
    Apply: ("cluster", lambda world, e: world.cluster.apply(e.obj)),
    Delete: ("cluster", lambda world, e: world.cluster.delete(e.key, e.uid)),
    Release: ("cluster", lambda world, e: world.cluster.release(e.obj)),
}


async def perform(effects: Iterable[Effect], world: World) -> Trouble | None:
    """Perform the effects in order, up to the first outside system that fails; that one is returned.

    So is the cluster when it does not let an object be made (a quota, an admission policy): that is to be told.

    Raises:
        Retry, Wait, Refuse: from the cluster about an object that there is, for then no status can be written either.

    """
    for effect in effects:
        system, call = _CALLS[type(effect)]
        try:
            await call(world, effect)
        except (Retry, Wait, Refuse) as error:
            if system == "cluster" and (isinstance(error, Wait) or not isinstance(effect, Create)):
                raise
            return _trouble(system, error)
    return None


def _trouble(system: System, error: TrimtabError) -> Trouble:
    return Trouble(system, error.message, error.reason, refused=isinstance(error, Refuse), told=True)
