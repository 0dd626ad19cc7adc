"""The operator, as the process it also is in a cluster; where it finds everything else comes by environment."""

from trimtab.sandbox.part import Part, Probe
from trimtab.sandbox.site import Site


def operator(site: Site) -> Part:
    """The operator under its own service account."""
    layout, addresses = site.layout, site.addresses
    return Part(
        name="operator",
        command=(str(site.operator_python), "-m", "trimtab.handlers"),
        env={
            "KUBECONFIG": str(layout.operator_kubeconfig),
            "MLFLOW_TRACKING_URI": site.url(addresses.mlflow),
            "RAY_AUTH_TOKEN": layout.ray_token.read_text(),
            "TRIMTAB_HEALTH_PORT": str(addresses.operator),
            "TRIMTAB_RAY_DASHBOARD": site.url(addresses.ray_dashboard),
            "TRIMTAB_RUNTIME_PYTHON": str(site.runtime_python),
            "TRIMTAB_SERVE_HOST": "127.0.0.1",
            "TRIMTAB_SERVE_PORT": str(addresses.serve),
            "TRIMTAB_SERVE_URL": site.url(addresses.serve),
            "TRIMTAB_STATE": str(layout.state),
        },
        probes=(Probe(site.url(addresses.operator, "/healthz")),),
        after=("manifests", "kube-controller-manager", "mlflow", "ray"),
    )


def shell_environment(site: Site) -> dict[str, str]:
    """What a person's shell needs to speak to this sandbox."""
    layout, addresses = site.layout, site.addresses
    return {
        "KUBECONFIG": str(site.admin_kubeconfig),
        "MLFLOW_TRACKING_URI": site.url(addresses.mlflow),
        "RAY_ADDRESS": site.url(addresses.ray_dashboard),
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN_PATH": str(layout.ray_token),
        "TRIMTAB_SERVE_URL": site.url(addresses.serve),
    }
