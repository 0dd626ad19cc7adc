"""All values of the chart `trimtab`."""

from typing import Annotated, Any, Literal

from pydantic import Field

from trimtab.api.resources import PoolName
from trimtab.deploy.values.base import Image, Labels, Name, NamespaceName, Part, Resources
from trimtab.deploy.values.engines import Mlflow, Pipelines, Serving, Storage
from trimtab.deploy.values.security import NetworkPolicies, Rbac, ServiceAccount
from trimtab.pools import Pool


class Watch(Part):
    """Where the operator works."""

    namespaces: list[NamespaceName] = Field(
        default=[],
        description="Watch these only, with a Role in each and no rights elsewhere; empty: the whole cluster.",
    )


class Disruption(Part):
    """What a drained node must leave."""

    enabled: bool = Field(default=True, description="Keep one of two replicas; a single replica never blocks a drain.")


class ServiceMonitor(Part):
    """Scraping by the Prometheus operator."""

    enabled: bool = Field(default=False, description="Needs the kind ServiceMonitor in the cluster.")
    interval: Annotated[str, Field(pattern=r"^[0-9]+(ms|s|m)$")] = Field(
        default="30s", description="Time between scrapes."
    )
    labels: Labels = Field(default={}, description="Labels your Prometheus selects by, e.g. release: prometheus.")


class Dashboard(Part):
    """Grafana's picture of the operator."""

    enabled: bool = Field(default=False, description="A ConfigMap for Grafana's sidecar.")
    labels: Labels = Field(default={"grafana_dashboard": "1"}, description="Labels the sidecar looks for.")
    annotations: Labels = Field(default={}, description="Annotations, e.g. grafana_folder.")


class Metrics(Part):
    """Prometheus and Grafana."""

    service_monitor: ServiceMonitor = Field(
        default=ServiceMonitor(), description="Scraping by the Prometheus operator."
    )
    dashboard: Dashboard = Field(default=Dashboard(), description="Grafana dashboard of the operator.")


class Values(Part):
    """The chart's values."""

    replicas: Annotated[int, Field(ge=1, le=2)] = Field(
        default=1, description="1, or 2 for a stand-by that takes over; a Lease decides which one leads."
    )
    image: Image = Field(default=Image(repository="trimtab/operator"), description="The operator's image.")
    image_pull_policy: Literal["IfNotPresent", "Always", "Never"] = Field(
        default="IfNotPresent", description="When a node asks the registry; for all images."
    )
    image_pull_secret: Name = Field(
        default="",
        description=(
            "Secret with which all images are pulled; in the release's namespace and in each that trains or serves."
        ),
    )
    watch: Watch = Field(default=Watch(), description="Where the operator works.")
    pipelines: Pipelines = Field(default=Pipelines(), description="What trains.")
    serving: Serving = Field(default=Serving(), description="What serves.")
    mlflow: Mlflow = Field(default=Mlflow(), description="The model registry.")
    storage: Storage = Field(default=Storage(), description="Where snapshots, profiles and models are kept.")
    pools: dict[PoolName, Pool] = Field(
        default={}, description="Pools of nodes with GPUs, by the name that a spec gives in resources.gpu.nodePool."
    )
    service_account: ServiceAccount = Field(default=ServiceAccount(), description="The operator's service account.")
    rbac: Rbac = Field(default=Rbac(), description="The operator's and people's rights.")
    network_policies: NetworkPolicies = Field(
        default=NetworkPolicies(),
        description=(
            "Everything but these flows is denied, in the release's namespace and in those that are listed; a CNI has "
            "to enforce it."
        ),
    )
    pod_disruption_budget: Disruption = Field(
        default=Disruption(), description="Protection of the operator when a node is drained."
    )
    metrics: Metrics = Field(default=Metrics(), description="Prometheus and Grafana.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Log level of the operator."
    )
    poll_seconds: Annotated[float, Field(gt=0, le=60)] = Field(
        default=2, description="Seconds between polls of pipelines and monitors."
    )
    lease_seconds: Annotated[int, Field(ge=6, le=300)] = Field(
        default=30, description="How long the others wait for a leader that cannot be reached."
    )
    resources: Resources = Field(
        default=Resources(requests={"cpu": "100m", "memory": "128Mi"}, limits={"memory": "512Mi"}),
        description="Resources of the operator's container.",
    )
    priority_class_name: Name = Field(default="", description="Priority class of the operator's pods.")
    node_selector: Labels = Field(default={}, description="Node selector of the operator's pods.")
    tolerations: list[dict[str, Any]] = Field(default=[], description="Tolerations of the operator's pods.")
    affinity: dict[str, Any] = Field(
        default={}, description="Affinity of the operator's pods; empty: replicas on different nodes."
    )
    pod_labels: Labels = Field(default={}, description="Additional labels of the operator's pods.")
    pod_annotations: Labels = Field(default={}, description="Additional annotations of the operator's pods.")
    env: Labels = Field(
        default={},
        description=(
            "Additional environment variables of the operator's own pods: settings, certificates, a proxy for MLflow "
            "and Kubeflow Pipelines (NO_PROXY has to name what is inside the cluster). Pods that train or serve take "
            "theirs from the Secrets of storage and mlflow."
        ),
    )
    global_: dict[str, Any] = Field(
        default={}, alias="global", description="Values a parent chart shares; none is read."
    )
