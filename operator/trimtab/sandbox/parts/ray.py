"""The head of a Ray cluster: where models are served. Token authentication on, everything on the loopback interface.

The dashboard's REST API is what the operator speaks to; Serve's own HTTP port opens when the operator first deploys.
"""

import os

from trimtab.sandbox.network import HOST, RAY_WORKERS
from trimtab.sandbox.part import Part, Probe
from trimtab.sandbox.site import Site

# Ray's CPUs are shares, not cores: a champion, a shadow and a monitor have to fit on two cores as well.
LEAST_CPUS = 8


def ray(site: Site) -> Part:
    """One node, in the foreground, with ports of its own so that it disturbs no other Ray on the machine."""
    layout, workers = site.layout, site.addresses.ray_workers
    settings = {
        "node-ip-address": HOST,
        "num-cpus": max(LEAST_CPUS, os.cpu_count() or 1),
        "temp-dir": layout.ray_temp,
        "dashboard-host": HOST,
        "min-worker-port": workers,
        "max-worker-port": workers + RAY_WORKERS - 1,
        **_ports(site),
    }
    return Part(
        name="ray",
        command=(
            str(site.runtime_python),
            *("-m", "ray.scripts.scripts", "start", "--head", "--block", "--disable-usage-stats", "--log-color=false"),
            *(f"--{name}={value}" for name, value in settings.items()),
        ),
        env={
            "RAY_AUTH_MODE": "token",
            "RAY_AUTH_TOKEN_PATH": str(layout.ray_token),
            # Off, a loopback address stays one; on, Ray looks for a public one and listens on every interface.
            "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
            # The replica's code runs on its own event loop: no second thread between a request and the model.
            # There is no other node that could take over while this one drains.
            "RAY_GRACEFUL_SHUTDOWN_DRAIN_TIMEOUT_S": "0",
            "TMPDIR": str(layout.ray_temp),
            "AUTOSCALER_METRIC_PORT": str(site.addresses.ray_autoscaler_metrics),
            "DASHBOARD_METRIC_PORT": str(site.addresses.ray_dashboard_metrics),
            "RAY_SERVE_RUN_USER_CODE_IN_SEPARATE_THREAD": "0",
            # Replicas inherit it; the monitor looks there for alibi-detect.
            "TRIMTAB_DETECTOR_PYTHON": str(site.detector_python),
        },
        probes=(
            Probe(site.url(site.addresses.ray_dashboard, "/api/version"), token_file=layout.ray_token),
            Probe(site.url(site.addresses.ray_agent_http, "/api/local_raylet_healthz")),  # the node joins last
        ),
        patience=120.0,
        attempts=2,  # Ray gives itself 30 seconds, a constant, which a busy or cold machine may exceed once
    )


def _ports(site: Site) -> dict[str, int]:
    addresses = site.addresses
    return {
        "port": addresses.ray,
        "dashboard-port": addresses.ray_dashboard,
        "ray-client-server-port": addresses.ray_client,
        "object-manager-port": addresses.ray_object_manager,
        "node-manager-port": addresses.ray_node_manager,
        "dashboard-agent-listen-port": addresses.ray_agent_http,
        "dashboard-agent-grpc-port": addresses.ray_agent_grpc,
        "runtime-env-agent-port": addresses.ray_runtime_env,
        "metrics-export-port": addresses.ray_metrics,
    }
