"""A real control plane for tests: started once a session, shared by unique namespaces, gone afterwards."""

import asyncio
import json
import subprocess
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.waiting import until
from trimtab.deploy.rights import Rule
from trimtab.sandbox import rbac
from trimtab.sandbox.build import build
from trimtab.sandbox.site import Cluster
from trimtab.sandbox.stack import Stack

_RBAC = "rbac.authorization.k8s.io"
_OPERATOR = f"{rbac.NAMESPACE}/{rbac.ACCOUNT}"


@dataclass(frozen=True)
class ControlPlane:
    """A running API server with our kinds in it."""

    admin_kubeconfig: Path
    operator_kubeconfig: Path
    audit: Path
    kubectl_program: str

    def kubectl(
        self, *arguments: str, given: str | None = None, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run kubectl as the administrator; `given` is its standard input."""
        command = [self.kubectl_program, f"--kubeconfig={self.admin_kubeconfig}", *arguments]
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
        assert not check or done.returncode == 0, f"{' '.join(arguments)}: {done.stderr}"
        return done

    def wait(self, condition: str, *objects: str, patience: float = 60.0) -> None:
        """Wait for what `kubectl wait --for` knows, also for objects that have no status yet."""
        command = ("wait", f"--for={condition}", *objects, "--timeout=5s")
        until(lambda: self.kubectl(*command, check=False).returncode == 0, f"{condition} of {objects}", patience)

    def get(self, *arguments: str) -> dict[str, Any]:
        """`kubectl get …` as an object."""
        return json.loads(self.kubectl("get", "-o", "json", *arguments).stdout)

    def apply(self, document: dict[str, Any]) -> None:
        """Apply one object, as a user would."""
        self.kubectl("apply", "--server-side", "--field-manager=test", "-f", "-", given=json.dumps(document))

    def grant(self, namespace: str, name: str, rules: Iterable[Rule], account: str = _OPERATOR) -> None:
        """Grant an account (`namespace/name`; the operator's by default) these rights in a namespace, and no others."""
        home, _, holder = account.partition("/")
        head = {"apiVersion": f"{_RBAC}/v1", "metadata": {"namespace": namespace, "name": name}}
        reference = {"apiGroup": _RBAC, "kind": "Role", "name": name}
        subject = {"kind": "ServiceAccount", "namespace": home, "name": holder}
        self.apply({**head, "kind": "Role", "rules": list(rules)})
        self.apply({**head, "kind": "RoleBinding", "roleRef": reference, "subjects": [subject]})

    def namespace(self) -> str:
        """Make a namespace that nobody else uses, from which an operator may lead."""
        name = f"t-{uuid.uuid4().hex[:10]}"
        space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        self.apply({"apiVersion": "v1", "kind": "List", "items": [space, rbac.lease_binding(name)]})
        return name

    def writes(self, user: str = "system:serviceaccount:trimtab-system:trimtab") -> list[dict[str, Any]]:
        """One user's writes (the operator's by default) from the audit log: verb, objectRef, responseStatus …"""
        lines = self.audit.read_text().splitlines() if self.audit.exists() else []
        return [entry for entry in map(json.loads, lines) if entry["user"]["username"] == user]


@pytest.fixture(scope="session")
def control_plane() -> Iterator[ControlPlane]:
    """A control plane with our CRDs established and the operator's identity in place."""
    with tempfile.TemporaryDirectory(prefix="tt-") as folder:
        stack = Stack.at(Path(folder))
        site = stack.prepare(Cluster(programs=asyncio.run(build())))
        try:
            asyncio.run(stack.up(site, lambda *_: None, ["controlplane"]))
            yield ControlPlane(
                site.layout.admin_kubeconfig,
                site.layout.operator_kubeconfig,
                site.layout.audit,
                site.program("kubectl"),
            )
        finally:
            asyncio.run(stack.down(site))


@pytest.fixture
def namespace(control_plane: ControlPlane) -> Iterator[str]:
    """A namespace of the test's own; it is deleted afterwards without waiting."""
    name = control_plane.namespace()
    yield name
    control_plane.kubectl("delete", "namespace", name, "--wait=false", check=False)
