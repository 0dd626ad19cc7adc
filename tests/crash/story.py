"""The whole story in a namespace of its own, with an operator that is killed once in it; and how it must end."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kubernetes import client, config

from tests.support.controlplane import ControlPlane
from tests.support.objects import service, training_run
from tests.support.operator_process import ROOT, environment
from tests.support.outside import Outside, OutsideServer
from trimtab.api.common import GROUP, VERSION
from trimtab.api.kinds import KINDS
from trimtab.sandbox import rbac

_PLURALS = {kind.name: kind.plural for kind in KINDS}


class Nursery:
    """Begins and ends lives of the operator."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.crash.nursery"]
        path = {**os.environ, "PYTHONPATH": f"{ROOT / 'operator'}:{ROOT}"}
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT, env=path)
        self._lock = threading.Lock()

    def begin(self, **told: Any) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock:
            self._process.stdin.write(json.dumps(told) + "\n")
            self._process.stdin.flush()
            return int(self._process.stdout.readline())

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=20)


class NeverReachedError(Exception):
    """The effect did not occur in this telling."""


def alive(pid: int) -> bool:
    """Whether the process is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@dataclass
class Story:
    """One telling. `crash_at` names the point at which the first life ends; empty: it is never killed."""

    plane: ControlPlane
    server: OutsideServer
    nursery: Nursery
    folder: Path
    crash_at: str = ""
    planted: bool = False
    patience: float = 30.0
    namespace: str = field(default="")

    def __post_init__(self) -> None:
        self._client = config.new_client_from_config(str(self.plane.admin_kubeconfig))
        self._api = client.CustomObjectsApi(self._client)

    @property
    def outside(self) -> Outside:
        return self.server.worlds[self.namespace]

    @property
    def effects(self) -> list[str]:
        return (self.folder / "effects").read_text().splitlines()

    def tell(self, ending: dict[str, Any] | None) -> dict[str, Any]:
        """Play to the end, or until patience is over; returns how it ended. Without an ending, it knows its own.

        Raises:
            NeverReachedError: the story went to its end without the effect at which the operator was to be killed.

        """
        self.folder.mkdir()
        self._make_namespace()
        pid = self._live(self.crash_at)
        for obj in (training_run("first", self.namespace), service("svc", self.namespace)):
            self._create(obj)
        try:
            if self.crash_at:
                self._wait(lambda: not alive(pid) or self._over(ending))
                if alive(pid):
                    raise NeverReachedError(self.crash_at)
                pid = self._live("")
            self._wait(lambda: self._over(ending))
            time.sleep(0.2)  # a duplicate may be late
            return self.ending()
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            self._client.close()

    def ending(self) -> dict[str, Any]:
        """All that can be seen at the end, in words that are the same in every telling."""
        runs = {o["metadata"]["name"]: o for o in self._list("TrainingRun")}
        uids = {o["metadata"]["uid"]: name for name, o in runs.items()}
        return {
            "runs": {name: _run(obj) for name, obj in runs.items()},
            "versions": {o["metadata"]["name"]: _version(o, uids) for o in self._list("ModelVersion")},
            "services": {o["metadata"]["name"]: _service(o) for o in self._list("InferenceService")},
            "pipeline runs": sorted(name.rsplit("-", 2)[0] for name in self.outside.starts.elements()),
            "registered": sorted(name.rsplit("-", 2)[0] for name in self.outside.versions),
            "tags": {number: tags["trimtab.dev/channel"] for number, tags in self.outside.tags.items()},
            "aliases": dict(self.outside.aliases),
            "served": {n: (p.champion.version, p.candidate is None) for n, p in self.outside.plans.items()},
        }

    def _over(self, ending: dict[str, Any] | None) -> bool:
        now = self.ending()
        if ending is not None:
            return now == ending
        service = now["services"]["svc"]
        retired = now["versions"].get("late-1.0.0", {}).get("channel") == "Retired"
        return service["champion"] == "1.0.1" and service["Ready"] == "True" and retired

    def _wait(self, true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + self.patience
        while not true() and time.monotonic() < deadline:
            time.sleep(0.05)

    def _live(self, crash_at: str) -> int:
        state = self.folder / "state"
        told = environment(self.plane, self.server.url, state, self.namespace) | {"TRIMTAB_POLL": "0.03"}
        return self.nursery.begin(
            environment=told,
            namespace=self.namespace,
            log=str(self.folder / "log"),
            effects=str(self.folder / "effects"),
            crash_at=crash_at,
            planted=self.planted,
        )

    def _make_namespace(self) -> None:
        self.namespace = f"c-{os.urandom(5).hex()}"
        core = client.CoreV1Api(self._client)
        core.create_namespace({"metadata": {"name": self.namespace}})
        may_lead = rbac.lease_binding(self.namespace)
        client.RbacAuthorizationV1Api(self._client).create_namespaced_role_binding(self.namespace, may_lead)

    def _create(self, obj: dict[str, Any]) -> None:
        self._api.create_namespaced_custom_object(GROUP, VERSION, self.namespace, _PLURALS[obj["kind"]], obj)

    def _list(self, kind: str) -> list[dict[str, Any]]:
        found = self._api.list_namespaced_custom_object(GROUP, VERSION, self.namespace, _PLURALS[kind])
        return found["items"]


def _conditions(obj: dict[str, Any]) -> dict[str, str]:
    said = {c["type"]: c["status"] for c in obj.get("status", {}).get("conditions", [])}
    said.pop("RetrainAllowed", None)  # a matter of time
    return said


def _run(obj: dict[str, Any]) -> dict[str, Any]:
    status = obj.get("status", {})
    told = {name: status.get(name) for name in ("version", "modelVersion", "attempt")}
    return {**told, **_conditions(obj), "trigger": obj["spec"]["trigger"]["kind"]}


def _version(obj: dict[str, Any], uids: dict[str, str]) -> dict[str, Any]:
    maker = uids.get(obj["metadata"]["labels"]["trimtab.dev/training-run-uid"])
    return {"channel": obj.get("status", {}).get("channel"), "maker": maker, **_conditions(obj)}


def _service(obj: dict[str, Any]) -> dict[str, Any]:
    status = obj.get("status", {})
    places = {place: (status.get(place) or {}).get("version") for place in ("champion", "shadow")}
    decided = [(d["action"], d.get("version"), d.get("run")) for d in status.get("decisions", [])]
    return {**places, **_conditions(obj), "episode": status.get("episode"), "decisions": decided}
