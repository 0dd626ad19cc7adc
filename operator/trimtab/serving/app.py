"""The Ray Serve application of one InferenceService: `trimtab.serving.app:build`, as the Serve config names it.

The arguments never change for a service; everything that does comes as `user_config`, so a new version is swapped in
place and no replica is restarted.
"""

from typing import Any

from pydantic import BaseModel
from ray import serve

from trimtab.serving.host import Host
from trimtab.serving.monitor import Monitor
from trimtab.serving.shadow import Shadow


class Arguments(BaseModel):
    """What the application is built from."""

    state: str
    """The monitor's file."""
    copy_at: str = ""
    """Address in an object store where a copy of it is kept."""


def build(arguments: Arguments) -> Any:
    """Wire host, shadow and monitor together."""
    shadow = serve.deployment()(Shadow).bind()
    monitor = serve.deployment()(Monitor).bind(arguments.state, arguments.copy_at)
    return serve.deployment()(serve.ingress()(Host)).bind(shadow, monitor)
