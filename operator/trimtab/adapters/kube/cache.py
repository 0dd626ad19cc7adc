"""What the watches have shown of our kinds, and what our own writes returned.

A newer version of an object is never overwritten by an older one that arrives late (resource versions of one kind are
comparable), so what the operator wrote is what it reads next.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from trimtab.keys import Key, KubeObject


@dataclass(frozen=True)
class Listing:
    """The resource versions of all objects of a kind, and that of the moment at which they were listed."""

    versions: Mapping[Key, int]
    taken_at: int


Listener = Callable[[KubeObject], None]


class Cache:
    """Objects by kind, namespace and model: a pass looks at those of one model, however many there are."""

    def __init__(self, kinds: Iterable[str]) -> None:
        self._objects: dict[str, dict[Key, KubeObject]] = {kind: {} for kind in kinds}
        self._of_model: defaultdict[tuple[str, str, str], dict[Key, KubeObject]] = defaultdict(dict)
        self._listeners: list[Listener] = []

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that are kept."""
        return tuple(self._objects)

    def listen(self, listener: Listener) -> None:
        """Call the listener with each object that changed, came or went."""
        self._listeners.append(listener)

    def get(self, key: Key) -> KubeObject | None:
        """The object, if it was seen and has not gone."""
        return self._objects[key.kind].get(key)

    def all(self, kind: str) -> list[KubeObject]:
        """All objects of a kind."""
        return list(self._objects[kind].values())

    def of_model(self, kind: str, namespace: str, model: str) -> list[KubeObject]:
        """The objects of a kind that are about a model."""
        return list(self._of_model.get((kind, namespace, model), {}).values())

    def put(self, obj: KubeObject) -> None:
        """Take in what was seen; older than what is known is passed over."""
        key = Key.of(obj)
        known = self._objects[key.kind].get(key)
        if known is not None and version(known) >= version(obj):
            return
        if known is not None:
            self._remove(key, known)
        self._objects[key.kind][key] = obj
        self._of_model[_shelf(obj)][key] = obj
        self._tell(obj)

    def drop(self, obj: KubeObject) -> None:
        """The object has gone; a younger one of the same name stays."""
        key = Key.of(obj)
        known = self._objects[key.kind].get(key)
        if known is None or known["metadata"]["uid"] != obj["metadata"]["uid"]:
            return
        self._remove(key, known)
        self._tell(obj)

    def _remove(self, key: Key, known: KubeObject) -> None:
        del self._objects[key.kind][key]
        shelf = self._of_model[_shelf(known)]
        del shelf[key]
        if not shelf:
            del self._of_model[_shelf(known)]

    def _tell(self, obj: KubeObject) -> None:
        for listener in self._listeners:
            listener(obj)


def _shelf(obj: KubeObject) -> tuple[str, str, str]:
    return obj["kind"], obj["metadata"]["namespace"], str(obj.get("spec", {}).get("model"))


def version(obj: KubeObject) -> int:
    """The resource version, as the number it is."""
    return int(obj["metadata"]["resourceVersion"])
