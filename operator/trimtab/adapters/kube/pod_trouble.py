"""Why pods do not come up, as people need to hear it; pure, from what the API server says of them.

    refused        the API server did not let them be made: PodSecurity, a quota, an admission policy
    unschedulable  no node takes them
    not pulled     the image cannot be had
    not starting   the image is there, but its container cannot be made, or ends again and again

Texts hold no names that change with each attempt, so that a condition does not move while nothing does.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

Json = dict[str, Any]
PodReason = Literal["PodRefused", "Unschedulable", "ImageNotPulled", "PodNotStarting"]
"""Reasons of both kinds that have pods: a run's and a service's."""

_NO_IMAGE = {"ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "RegistryUnavailable"}
_NO_START = {
    "CrashLoopBackOff",
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
    "StartError",
}
_POD_NAME = re.compile(r'pods "[^"]*"')
_LONGEST = 200


@dataclass(frozen=True)
class Obstacle:
    """What keeps pods from running, and what to do."""

    reason: PodReason
    message: str


def refused(message: str) -> Obstacle:
    """The API server refused to make a pod."""
    said = _POD_NAME.sub("pods", _short(message))
    what = "raise the quota" if "exceeded quota" in said else "let the namespace admit it"
    return Obstacle("PodRefused", f"{said}; {what}")


def of_pods(pods: Iterable[Json]) -> Obstacle | None:
    """The first thing that keeps one of the pods from running."""
    return next((found for pod in pods for found in _of_pod(pod)), None)


def _of_pod(pod: Json) -> Iterator[Obstacle]:
    status = pod.get("status", {})
    for condition in status.get("conditions", []):
        if condition["type"] == "PodScheduled" and condition["status"] == "False":
            yield Obstacle("Unschedulable", f"no node takes a pod: {_short(condition.get('message', ''))}")
    for container in [*status.get("initContainerStatuses", []), *status.get("containerStatuses", [])]:
        yield from _of_container(container)


def _of_container(container: Json) -> Iterator[Obstacle]:
    waiting = container.get("state", {}).get("waiting", {})
    reason = waiting.get("reason", "")
    if reason in _NO_IMAGE:
        text = f"the image {container['image']} cannot be pulled; check its name, the registry and the pull secret"
        yield Obstacle("ImageNotPulled", text)
    if reason in _NO_START:
        yield Obstacle("PodNotStarting", f"{reason}: {_why(container, waiting)}; read the log of {container['name']}")


def _why(container: Json, waiting: Json) -> str:
    """Why the container ended the last time, where it did."""
    ended = container.get("lastState", {}).get("terminated")
    if not ended:
        return _short(waiting.get("message", ""))
    return _short(f"{ended.get('reason', 'ended')} with status {ended.get('exitCode')}")


def _short(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]
