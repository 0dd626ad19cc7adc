"""Whose child an object is."""

from typing import Any

from trimtab.api.common import API_VERSION


def owner_reference(kind: str, name: str, uid: str) -> dict[str, Any]:
    """The reference by which the garbage collector removes a child with its owner, an object of ours."""
    return {
        "apiVersion": API_VERSION,
        "kind": kind,
        "name": name,
        "uid": uid,
        "controller": True,
        "blockOwnerDeletion": True,
    }
