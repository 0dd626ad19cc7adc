"""Which versions of the systems that trimtab stands on it is made for: one table, from which the docs are generated."""

from dataclasses import dataclass

RAY = "2.60.0"
"""The Ray of the serving image and of the runtime's lock."""


@dataclass(frozen=True)
class Supported:
    """A system outside: the versions its documented behaviour was read for, and the one the tests run."""

    system: str
    versions: str
    tested: str
    why: str


SUPPORTED = (
    Supported("Kubernetes", "1.33 to 1.37", "1.37.2", "CEL rules, server-side apply"),
    Supported(
        "KubeRay",
        "1.5.1 to 1.6",
        "1.6.2; kinds of 1.5.1 to 1.6.2",
        "`authOptions`; with 1.5 each Ray cluster gets a token of its own",
    ),
    Supported("Ray", "2.53 to 2.60", RAY, "health by HTTP and token authentication on every node"),
    Supported("Kubeflow Pipelines", "2.15 and later", "2.17.0", "API v2beta1"),
    Supported("MLflow", "3.5 to 3.17", "3.17.2", "tags and aliases of registered versions by REST"),
    Supported("Gateway API", "1.3 and later", "1.6.3", "HTTPRoute"),
    Supported("Kueue", "0.17 and later", "0.19.2", "queues RayServices and Jobs by label"),
    Supported("Helm", "3.19 and later", "4.2.4", "the charts; from 4 on, `--wait` reads our kinds by kstatus"),
)
