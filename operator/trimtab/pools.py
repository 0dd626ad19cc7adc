"""The pools of nodes with GPUs, and where a pod that asks for some is put.

The table is part of the installation (the chart's `pools`), for the same request means other labels, taints and
resource names on each cluster:

    a100:
      accelerator: nvidia.com/gpu            # the resource a pod asks for; a MIG profile is a resource of its own
      vram: 80Gi                             # of one GPU, or of one slice
      maxCount: 8                            # GPUs of one node
      nodeSelector: {cloud.example/pool: a100}
      tolerations: [{key: nvidia.com/gpu, operator: Exists, effect: NoSchedule}]
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from trimtab.api.common import ApiModel
from trimtab.api.reasons import TrainingReason
from trimtab.api.resources import Gpu, Memory, PoolName, bytes_of
from trimtab.errors import Refuse
from trimtab.tolerations import Toleration

ResourceName = Annotated[str, Field(pattern=r"^[a-z0-9.-]+/[A-Za-z0-9._-]+$", max_length=253)]


class Pool(ApiModel):
    """Nodes of one kind, with the same GPUs."""

    accelerator: ResourceName = "nvidia.com/gpu"
    vram: Memory | None = None
    max_count: int = Field(default=1, ge=1)
    node_selector: dict[str, str] = Field(default_factory=dict)
    tolerations: list[Toleration] = Field(default_factory=list)


@dataclass(frozen=True)
class Placement:
    """What a pod says to get its GPUs, in the words of a PodSpec; nothing of it when it asks for none."""

    limits: Mapping[str, str]
    node_selector: Mapping[str, str]
    tolerations: tuple[dict[str, Any], ...]


ANYWHERE = Placement({}, {}, ())
_TABLE = TypeAdapter(dict[PoolName, Pool])


class PoolTable:
    """The pools of an installation."""

    def __init__(self, pools: Mapping[str, Pool]) -> None:
        self._pools = dict(sorted(pools.items()))

    @classmethod
    def parse(cls, text: str) -> "PoolTable":
        """Read the table.

        Raises:
            ValueError: it is no table of pools; says which field is wrong.

        """
        try:
            return cls(_TABLE.validate_python(yaml.safe_load(text) or {}))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(["pools", *map(str, first["loc"])])
            raise ValueError(f"{place}: {first['msg']}") from error
        except yaml.YAMLError as error:
            raise ValueError(f"pools: {error}") from error

    def place(self, gpu: Gpu | None) -> Placement:
        """Where the pod goes, and what it asks for there.

        Raises:
            Refuse: PoolUnknown, or PoolTooSmall; names the pools that would do.

        """
        if gpu is None:
            return ANYWHERE
        pool = self._pools.get(gpu.node_pool)
        if pool is None:
            message = f"there is no pool {gpu.node_pool!r}: {self._that_do(gpu)}"
            raise Refuse(TrainingReason.POOL_UNKNOWN, message)
        if lack := _lack(pool, gpu):
            message = f"pool {gpu.node_pool!r} {lack}: {self._that_do(gpu)}"
            raise Refuse(TrainingReason.POOL_TOO_SMALL, message)
        borne = tuple(toleration.borne() for toleration in pool.tolerations)
        return Placement({pool.accelerator: str(gpu.count)}, pool.node_selector, borne)

    def _that_do(self, gpu: Gpu) -> str:
        fit = [name for name, pool in self._pools.items() if not _lack(pool, gpu)]
        return f"set gpu.nodePool to {' or '.join(fit)}" if fit else "no pool of this installation has what is asked"


def _lack(pool: Pool, gpu: Gpu) -> str:
    """What the pool has too little of; a pool whose GPUs' memory is not given has none that can be promised."""
    if gpu.count > pool.max_count:
        return f"has {pool.max_count} a node, {gpu.count} are asked for"
    if gpu.vram is None or (pool.vram is not None and bytes_of(gpu.vram) <= bytes_of(pool.vram)):
        return ""
    return f"has GPUs of {pool.vram or 'unknown memory'}, {gpu.vram} is asked for"
