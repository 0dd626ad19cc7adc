"""MLflow: tracking and registry on SQLite, artifacts in a plain folder that every part reads for itself."""

from trimtab.sandbox.network import HOST
from trimtab.sandbox.part import Part, Probe
from trimtab.sandbox.site import Site


def mlflow(site: Site) -> Part:
    """One worker; its job runner stays off, which halves the memory and the time to start."""
    url = site.url(site.addresses.mlflow)
    return Part(
        name="mlflow",
        command=(
            str(site.runtime_python),
            *("-m", "mlflow", "server"),
            f"--host={HOST}",
            f"--port={site.addresses.mlflow}",
            "--workers=1",
            f"--backend-store-uri=sqlite:///{site.layout.mlflow_database}",
            "--no-serve-artifacts",
            f"--default-artifact-root={site.layout.artifacts.as_uri()}",
        ),
        env={"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"},
        probes=(Probe(f"{url}/health"),),
        patience=120.0,
    )
