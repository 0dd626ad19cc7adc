"""A kubelet's part in a test: the containers of pods run as processes, and the pods' statuses say how they do.

The image is the runtime's environment on this machine. What a real kubelet does besides (isolation, pulling, limits) is
proven on the real node in tests/node.
"""

import base64
import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any, Self

from kubernetes import client, config

Json = dict[str, Any]


@dataclass
class Kubelet:
    """Runs the pods of a namespace."""

    kubeconfig: Path
    namespace: str
    python: Path
    folder: Path
    _over: Event = field(default_factory=Event)
    _running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self._api = client.CoreV1Api(config.new_client_from_config(str(self.kubeconfig)))
        self._thread = Thread(target=self._work, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        for process in self._running.values():
            _kill(process)

    def log(self, pod: str) -> str:
        """What a pod's container said."""
        return (self.folder / f"{pod}.log").read_text()

    def _work(self) -> None:
        while not self._over.is_set():
            with suppress(client.ApiException):  # a pod that went away in between
                self._round()
            time.sleep(0.2)

    def _round(self) -> None:
        pods = {pod.metadata.name: pod for pod in self._api.list_namespaced_pod(self.namespace).items}
        for name in self._running.keys() - pods.keys():
            _kill(self._running.pop(name))
        for name, pod in pods.items():
            if name not in self._running and pod.status.phase == "Pending":
                self._running[name] = self._start(pod)
                self._say(pod, "Running", {"running": {}})
            elif name in self._running and self._running[name].poll() is not None:
                self._end(pod, self._running.pop(name).returncode)

    def _start(self, pod: Any) -> "subprocess.Popen[bytes]":
        container = pod.spec.containers[0]
        program, *arguments = container.command
        assert program == "python"
        env = {"PATH": os.environ["PATH"], **self._environment(container), "TRIMTAB_LAST_WORDS": str(self._words(pod))}
        with (self.folder / f"{pod.metadata.name}.log").open("wb") as log:
            command = [str(self.python), *arguments]
            return subprocess.Popen(command, stdout=log, stderr=log, env=env, cwd=self.folder, start_new_session=True)

    def _environment(self, container: Any) -> dict[str, str]:
        secrets = [source.secret_ref.name for source in container.env_from or () if source.secret_ref]
        given = [self._api.read_namespaced_secret(name, self.namespace).data for name in secrets]
        read = {key: base64.b64decode(value).decode() for data in given for key, value in data.items()}
        return read | {variable.name: variable.value for variable in container.env}

    def _end(self, pod: Any, status: int) -> None:
        words = self._words(pod).read_text() if self._words(pod).exists() else ""
        ended = {"exitCode": status, "reason": "Completed" if status == 0 else "Error", "message": words}
        self._say(pod, "Failed" if status else "Succeeded", {"terminated": ended})

    def _words(self, pod: Any) -> Path:
        return self.folder / f"{pod.metadata.name}.words"

    def _say(self, pod: Any, phase: str, state: Json) -> None:
        container = pod.spec.containers[0]
        named = {"name": container.name, "image": container.image, "imageID": "", "ready": False, "restartCount": 0}
        status = {"phase": phase, "containerStatuses": [{**named, "state": state}]}
        self._api.patch_namespaced_pod_status(pod.metadata.name, self.namespace, {"status": status})


def _kill(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
