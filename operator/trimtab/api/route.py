"""How a service is reached from outside the cluster: by a Gateway that is there already."""

from typing import Annotated

from pydantic import Field

from trimtab.api.common import NAME_PATTERN, ApiModel
from trimtab.api.rules import LIST_SET, Hint

_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"

Hostname = Annotated[
    str,
    Field(pattern=rf"^(\*\.)?{_LABEL}(\.{_LABEL})*$", max_length=253),
    Hint("must be a host name in lower case without scheme and port, e.g. flights.example.com or *.example.com"),
]
ObjectName = Annotated[
    str,
    Field(pattern=NAME_PATTERN, min_length=1, max_length=63),
    Hint("must be the name of an object: lower-case letters, digits and '-'"),
]


class Gateway(ApiModel):
    """A Gateway of the Gateway API."""

    name: ObjectName = Field(description="Name of the Gateway.")
    namespace: ObjectName | None = Field(default=None, description="Its namespace; default: the service's.")
    section_name: ObjectName | None = Field(
        default=None, description="Its listener; default: every listener that fits."
    )


class Route(ApiModel):
    """An HTTPRoute for the inference protocol, `/v2/…`; what else the endpoint says stays inside the cluster."""

    gateway: Gateway = Field(description="Gateway that takes the requests; TLS and authentication are its task.")
    hostnames: list[Hostname] = Field(
        min_length=1, max_length=16, description="Host names that clients use.", json_schema_extra=LIST_SET
    )
    feedback: bool = Field(
        default=False,
        description=(
            "Publish the path that takes labels too. Whoever can send labels decides when a model is retrained and "
            "which candidate is promoted: ask for authentication at the gateway first."
        ),
    )
