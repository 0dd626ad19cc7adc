"""What all values are made of: strict parts, and the words of Kubernetes that a chart hands through."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Name = Annotated[str, Field(pattern=r"^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$", max_length=253)]
NamespaceName = Annotated[str, Field(pattern=r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", max_length=63)]
HttpUrl = Annotated[str, Field(pattern=r"^(https?://[^\s/@]+(/\S*)?)?$")]  # no user:password@, as it is shown and told
StoreUrl = Annotated[str, Field(pattern=r"^(s3://[^\s/]+(/\S*)?)?$")]
Quantity = Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$")]
Port = Annotated[int, Field(ge=1, le=65535)]
Labels = dict[str, str]
Peer = dict[str, Any]  # a NetworkPolicyPeer: podSelector, namespaceSelector or ipBlock


class Part(BaseModel):
    """A group of values: camelCase in YAML, unknown names refused."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class Image(Part):
    """An image; the digest, where it is given, decides, and the tag is for people."""

    repository: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._/:-]*$")] = Field(
        description="Where the image is, without tag and digest."
    )
    tag: Annotated[str, Field(pattern=r"^([A-Za-z0-9_][A-Za-z0-9._-]*)?$", max_length=128)] = Field(
        default="", description="Tag; empty: the chart's appVersion."
    )
    digest: Annotated[str, Field(pattern=r"^(sha256:[0-9a-f]{64})?$")] = Field(
        default="", description="Digest, sha256:…; with it the tag does not matter."
    )


class Resources(Part):
    """Requests and limits of a container."""

    requests: dict[str, Quantity] = Field(description="What the scheduler reserves.")
    limits: dict[str, Quantity] = Field(description="What the container may not exceed.")
