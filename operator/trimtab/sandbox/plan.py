"""Pure decisions about what to start, and in which order to stop."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from trimtab.sandbox.errors import SandboxError
from trimtab.sandbox.part import Part, Step

GROUPS: Mapping[str, tuple[str, ...]] = {
    "controlplane": ("etcd", "kube-apiserver", "manifests", "kube-controller-manager"),
}
Item = TypeVar("Item", bound=Part | Step)


def select(items: Sequence[Item], only: Collection[str]) -> list[Item]:
    """The items named, groups spelled out; all of them when none is named. What is left out is taken to be up.

    Raises: SandboxError for a name that is neither an item's nor a group's.
    """
    known = {item.name for item in items}
    wanted = {name for chosen in only for name in GROUPS.get(chosen, (chosen,))}
    if unknown := [name for name in only if name not in known and name not in GROUPS]:
        raise SandboxError(f"no part is named {', '.join(unknown)}; there are {', '.join(sorted(known | set(GROUPS)))}")
    return [item for item in items if not wanted or item.name in wanted]


def waits_for(item: Part | Step, among: Iterable[Part | Step]) -> list[str]:
    """The items among these that have to be well before this one starts."""
    names = {other.name for other in among}
    return [name for name in item.after if name in names]


def stopping_order(names: Collection[str], after: Mapping[str, Collection[str]]) -> list[list[str]]:
    """Waves of parts to stop: none is stopped before all that stand on it are. Unknown names go first."""
    waves, left = [], set(names)
    while left:
        needed = {below for name in left for below in _below(name, after)}
        wave = sorted(left - needed) or sorted(left)
        waves.append(wave)
        left -= set(wave)
    return waves


def _below(name: str, after: Mapping[str, Collection[str]]) -> set[str]:
    direct = set(after.get(name, ()))
    return direct | {deeper for below in direct for deeper in _below(below, after)}
