"""KubeRay's part in a test: RayServices reach a real Ray head, and their statuses say how they do.

All Ray clusters are this one head, and its Serve is told all services together. What KubeRay does besides (pods, a head
for each cluster, moving traffic) is proven on the real node in tests/node; here it lies as the real one does:

    Ready           is True as soon as a cluster is there, and stays True
    pending         while a second cluster comes up, the applications of the first are not told
    the generation  is observed at once, before anything has happened
"""

import hashlib
import json
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any, Self

from kubernetes import client, config

from tests.support.ray_head import HOST, RayHead

Json = dict[str, Any]
_KIND = ("ray.io", "v1")


class KubeRay:
    """Acts on the RayServices of a namespace; pods' disks are in `folder`."""

    def __init__(self, kubeconfig: Path, namespace: str, head: RayHead, folder: Path) -> None:
        self._api = client.CustomObjectsApi(config.new_client_from_config(str(kubeconfig)))
        self._namespace, self._head, self._folder = namespace, head, folder
        self._over, self._told, self.rounds = Event(), [], 0

    def __enter__(self) -> Self:
        self._thread = Thread(target=self._work, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._over.is_set():
            with suppress(client.ApiException, OSError):  # an object that went in between, a Serve that is busy
                self._round()
                self.rounds += 1
            time.sleep(0.2)

    def _round(self) -> None:
        services = self._api.list_namespaced_custom_object(*_KIND, self._namespace, "rayservices")["items"]
        wanted = [app for service in services for app in self._applications(service)]
        if wanted != self._told:
            put(self._head, wanted)
            self._told = wanted
        states = applications(self._head)
        for service in services:
            self._say(service, _status(service, states))

    def _applications(self, service: Json) -> list[Json]:
        """What Serve is told of a service, with the pod's own disk in a folder here."""
        told: list[Json] = json.loads(service["spec"]["serveConfigV2"])["applications"]
        for app in told:
            app["args"]["state"] = str(self._folder / f"{app['name']}.sqlite")
        return told

    def _say(self, service: Json, status: Json) -> None:
        there = service.get("status", {})
        if any(there.get(key) != value for key, value in status.items()):
            name = service["metadata"]["name"]
            self._api.patch_namespaced_custom_object_status(
                *_KIND, self._namespace, "rayservices", name, {"status": status}
            )


def _status(service: Json, states: Json) -> Json:
    """What KubeRay says next: a cluster comes up beside the one that serves, and takes its place when it runs."""
    wanted = _cluster(service)
    apps = {
        app["name"]: _app(states.get(app["name"]))
        for app in json.loads(service["spec"]["serveConfigV2"])["applications"]
    }
    active = service.get("status", {}).get("activeServiceStatus", {}).get("rayClusterName", "")
    comes_up = active != wanted and any(app["status"] != "RUNNING" for app in apps.values())
    if comes_up:
        serves, comes = {"rayClusterName": active, "applicationStatuses": None}, {"rayClusterName": wanted}
    else:
        serves, comes = {"rayClusterName": wanted, "applicationStatuses": apps}, {"rayClusterName": ""}
    return {
        "observedGeneration": service["metadata"]["generation"],
        "activeServiceStatus": serves,
        "pendingServiceStatus": comes,
    }


def _cluster(service: Json) -> str:
    """Name the cluster by what it is made of, as any change of that makes another."""
    made = json.dumps(service["spec"]["rayClusterConfig"], sort_keys=True)
    return f"{service['metadata']['name']}-{hashlib.sha256(made.encode()).hexdigest()[:5]}"


def _app(state: Json | None) -> Json:
    return {"status": state["status"], "message": state["message"]} if state else {"status": "NOT_STARTED"}


def applications(head: RayHead) -> Json:
    """What the head's Serve says of each application."""
    found: Json = json.loads(_ask(head, "GET"))["applications"]
    return found


def put(head: RayHead, apps: list[Json]) -> None:
    """Tell the head's Serve all that it is to have."""
    _ask(head, "PUT", {"http_options": {"host": HOST, "port": head.serve}, "applications": apps})


def _ask(head: RayHead, method: str, body: Json | None = None) -> bytes:
    url = f"{head.dashboard_url}/api/serve/applications/"
    headers = {"Authorization": f"Bearer {head.token}", "Content-Type": "application/json"}
    asked = urllib.request.Request(url, json.dumps(body).encode() if body else None, headers, method=method)  # noqa: S310  # our own head
    with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310  # the same
        content: bytes = answer.read()
    return content
