"""A real operator process over a real API server; what lies outside the cluster is the test's own."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support import outside
from tests.support.controlplane import ControlPlane
from tests.support.operator_process import OperatorProcess, environment


@pytest.fixture(scope="session")
def outside_server(tmp_path_factory) -> Iterator[outside.OutsideServer]:
    with outside.running(tmp_path_factory.mktemp("outside")) as server:
        yield server


@dataclass
class Stage:
    """A namespace, the operator that watches it, and the world outside."""

    plane: ControlPlane
    namespace: str
    outside: outside.Outside
    server: outside.OutsideServer
    operator: OperatorProcess

    def apply(self, obj: dict[str, Any]) -> None:
        obj["metadata"]["namespace"] = self.namespace
        self.plane.apply(obj)

    def get(self, kind: str, name: str) -> dict[str, Any]:
        found = self.plane.kubectl("get", kind, name, "-n", self.namespace, "-o", "json", "--ignore-not-found")
        return json.loads(found.stdout or "{}")

    def condition(self, kind: str, name: str, type_: str) -> tuple[str, str]:
        conditions = self.get(kind, name).get("status", {}).get("conditions", [])
        found = next((c for c in conditions if c["type"] == type_), {})
        return found.get("status", ""), found.get("reason", "")


@pytest.fixture
def stage(control_plane, namespace, outside_server, tmp_path: Path) -> Iterator[Stage]:
    told = environment(control_plane, outside_server.url, tmp_path / "state", namespace)
    operator = OperatorProcess(told, tmp_path / "operator.log", ("--namespace", namespace))
    with operator:
        yield Stage(control_plane, namespace, outside_server.worlds[namespace], outside_server, operator)
    sys.stdout.write(operator.said)  # pytest shows it when the test failed
