"""What is applied to the cluster before the operator starts: our CRDs, and the operator's identity."""

import json
from pathlib import Path
from typing import Any

from trimtab.sandbox import kubeconfig, rbac
from trimtab.sandbox.commands import Kubectl
from trimtab.sandbox.part import Step
from trimtab.sandbox.site import Site

TOKEN_LIFE = "720h"  # noqa: S105 - a duration, no secret; every `up` asks for a new token


def manifests(site: Site) -> Step:
    """Apply, wait until the kinds are served, and write the operator's kubeconfig. Applying again changes nothing."""

    async def run() -> None:
        kubectl = Kubectl.of(site)
        documents = [*rbac.manifests(), *_crds(site.checkout / "crds")]
        await kubectl.apply(documents)
        if names := [f"crd/{d['metadata']['name']}" for d in documents if d["kind"] == "CustomResourceDefinition"]:
            await kubectl.wait("condition=Established", *names)
        admin = json.loads(await kubectl("config", "view", "--raw", "--minify", "--flatten", "-o", "json"))
        token = await kubectl("create", "token", rbac.ACCOUNT, "-n", rbac.NAMESPACE, f"--duration={TOKEN_LIFE}")
        kubeconfig.write(site.layout.operator_kubeconfig, kubeconfig.with_token(admin, rbac.ACCOUNT, token.strip()))

    return Step("manifests", run, after=("kube-apiserver",))


def _crds(folder: Path) -> list[dict[str, Any]]:
    return [kubeconfig.read(file) for file in sorted(folder.glob("*.yaml"))]
