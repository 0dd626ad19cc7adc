"""KubeRay's and the Gateway API's own kinds on a control plane, from their Go modules; nobody acts on them there."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.support import gotools
from tests.support.controlplane import ControlPlane
from tests.support.waiting import until

_PLURALS = ("rayservices", "rayclusters")


def install_crds(plane: ControlPlane, version: str = gotools.KUBERAY[1]) -> None:
    """Let the API server know RayServices, RayClusters and HTTPRoutes, too large for a client-side apply."""
    kinds = gotools.module(gotools.KUBERAY[0], version) / "config" / "crd" / "bases"
    routes = gotools.module(*gotools.GATEWAY_API) / "config" / "crd" / "standard"
    files = [kinds / f"ray.io_{plural}.yaml" for plural in _PLURALS]
    for file in (*files, routes / "gateway.networking.k8s.io_httproutes.yaml"):
        plane.kubectl("apply", "--server-side", "-f", str(file))
    asked = ",".join((*_PLURALS, "httproutes"))
    until(lambda: plane.kubectl("get", asked, check=False).returncode == 0, "the API server serves KubeRay's kinds")


@contextmanager
def of_version(plane: ControlPlane, version: str) -> Iterator[None]:
    """KubeRay's kinds as another version has them, for a while; what is published may still be the former's."""
    install_crds(plane, version)
    try:
        yield
    finally:
        install_crds(plane)
