"""The runs of the stand-in, each a process that lets kfp.local carry the IR out."""

import json
import os
import signal
import subprocess
import sys
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.support.kfp_server.checks import RefusedError, accepted, pods

Json = dict[str, Any]
ENDED = ("SUCCEEDED", "FAILED", "CANCELED")


@dataclass
class Runs:
    """All runs, by id. `secrets` holds the Secrets of the namespace that pods run in."""

    folder: Path
    secrets: dict[str, dict[str, str]]
    _runs: dict[str, Json] = field(default_factory=dict)
    _processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def create(self, body: Json) -> Json:
        """Make a run and begin it; nothing makes a second one of the same name impossible."""
        run = accepted(body)
        run |= {"run_id": str(uuid.uuid4()), "created_at": datetime.now(UTC).isoformat(), "state": "RUNNING"}
        self._runs[run["run_id"]] = run
        self._processes[run["run_id"]] = self._begin(run)
        return run

    def named(self, name: str) -> list[Json]:
        """The runs of a name, the oldest first."""
        found = [self.get(run_id) for run_id in list(self._runs)]
        return sorted((run for run in found if run["display_name"] == name), key=lambda run: str(run["created_at"]))

    def get(self, run_id: str) -> Json:
        """A run as it is now."""
        if run_id not in self._runs:
            raise RefusedError(404, 5, f"Failed to get a run: ResourceNotFoundError: Run {run_id} not found")
        run = self._runs[run_id]
        status = self._processes[run_id].poll()
        if status is not None and run["state"] not in ENDED:
            run["state"] = "CANCELED" if run["state"] == "CANCELING" else "FAILED" if status else "SUCCEEDED"
        return run

    def terminate(self, run_id: str) -> None:
        """End a run that has not ended."""
        run = self.get(run_id)
        if run["state"] in ENDED:
            raise RefusedError(400, 9, f"Failed to terminate a run: run {run_id} is {run['state']}")
        run["state"] = "CANCELING"
        _kill(self._processes[run_id])

    def close(self) -> None:
        """End all."""
        for process in self._processes.values():
            _kill(process)

    def _begin(self, run: Json) -> "subprocess.Popen[bytes]":
        place = self.folder / run["run_id"]
        place.mkdir()
        (place / "run.json").write_text(json.dumps(run))
        with (place / "log").open("wb") as log:
            command = [sys.executable, "-m", "tests.support.kfp_server.carry_out", str(place)]
            here = {name: os.environ[name] for name in ("PATH", "PYTHONPATH")}
            env = here | self._environment(run["pipeline_spec"])
            return subprocess.Popen(command, stdout=log, stderr=log, env=env, start_new_session=True)

    def _environment(self, spec: Json) -> dict[str, str]:
        """That of the training step's container, with what it is given of Secrets."""
        container = spec["pipeline_spec"]["deploymentSpec"]["executors"]["exec-train"]["container"]
        told = {variable["name"]: variable["value"] for variable in container["env"]}
        for source in pods(spec)["exec-train"].get("secretAsEnv", []):
            secret = self.secrets[source["secretName"]]
            told |= {
                key["envVar"]: secret[key["secretKey"]] for key in source["keyToEnv"] if key["secretKey"] in secret
            }
        return told


def _kill(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
