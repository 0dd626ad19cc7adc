"""Values of what may be reached and done: account, rights, flows."""

from typing import Annotated

from pydantic import Field

from trimtab.deploy.values.base import Labels, Name, NamespaceName, Part, Peer, Port

Cidr = Annotated[str, Field(pattern=r"^[0-9a-fA-F.:]+/[0-9]{1,3}$")]


class ServiceAccount(Part):
    """The operator's account."""

    create: bool = Field(default=True, description="Whether the chart creates it.")
    name: Name = Field(default="", description="Its name; empty: the release's.")
    annotations: Labels = Field(default={}, description="Annotations, e.g. of a cloud's workload identity.")


class Rbac(Part):
    """The operator's and people's rights."""

    create: bool = Field(default=True, description="Whether the chart creates the operator's roles and bindings.")
    aggregate: bool = Field(
        default=True,
        description=(
            "Add trimtab's kinds to the cluster's view, edit and admin roles; has no effect with watch.namespaces."
        ),
    )


class ApiServer(Part):
    """The flow to the API server, which no selector can name."""

    cidrs: list[Cidr] = Field(default=["0.0.0.0/0", "::/0"], description="Addresses of the API server.")
    ports: list[Port] = Field(default=[443, 6443], description="Its ports, before and behind the Service.")


class Outside(Part):
    """A flow to a server outside the release."""

    to: list[Peer] = Field(default=[], description="NetworkPolicy peers; empty: anywhere on these ports.")
    ports: list[Port] = Field(description="Ports of the pods behind the Service, where there is one.")


class NetworkPolicies(Part):
    """Everything is denied save what is listed here."""

    enabled: bool = Field(default=True, description="Whether the chart creates them.")
    namespaces: list[NamespaceName] = Field(
        default=[],
        description=(
            "Namespaces that train or serve: pods get policies in these only. Empty: watch.namespaces, and without "
            "those the release's namespace alone, so list them in an installation for the whole cluster."
        ),
    )
    dns: Outside = Field(default=Outside(ports=[53]), description="DNS, for all pods.")
    api_server: ApiServer = Field(default=ApiServer(), description="The API server, for the operator.")
    mlflow: Outside = Field(default=Outside(ports=[80, 443, 5000]), description="MLflow, for operator and training.")
    storage: Outside = Field(
        default=Outside(ports=[80, 443, 9000]), description="Object storage, for operator, training and serving."
    )
    data: Outside = Field(
        default=Outside(ports=[443]), description="Sources of data other than the storage, for training."
    )
    pipelines: Outside = Field(
        default=Outside(ports=[8888]), description="The Kubeflow Pipelines server, for the operator; engine kfp only."
    )
    ray: Outside = Field(
        default=Outside(ports=[8000, 8265]), description="The Ray cluster, for the operator; engine ray only."
    )
    kuberay: list[Peer] = Field(
        default=[
            {"namespaceSelector": {}, "podSelector": {"matchLabels": {"app.kubernetes.io/name": "kuberay-operator"}}}
        ],
        description="KubeRay's operator, which manages Ray's heads and workers.",
    )
    clients: list[Peer] = Field(
        default=[{"podSelector": {}}],
        description=(
            "Who may call the endpoints: callers in the cluster, and the gateway's pods if there are routes. The "
            "default is every pod of the endpoint's own namespace."
        ),
    )
    scrapers: list[Peer] = Field(
        default=[{"namespaceSelector": {}}], description="Who may read the metrics of operator and serving pods."
    )
