"""What a pod may use, in a few fields of our own: never an embedded PodSpec."""

import math
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from trimtab.api.common import NAME_PATTERN, ApiModel
from trimtab.api.rules import Hint

CPU_PATTERN = r"^([1-9][0-9]*m|[1-9][0-9]*(\.[0-9]+)?|0\.[0-9]*[1-9])$"
MEMORY_PATTERN = r"^[1-9][0-9]*(Mi|Gi|Ti)$"
_UNITS = {"Mi": 1 << 20, "Gi": 1 << 30, "Ti": 1 << 40}

Cpu = Annotated[
    str,
    Field(pattern=CPU_PATTERN, max_length=16),
    Hint("must be a number of processors: 2, 0.5 or 500m"),
]
Memory = Annotated[
    str,
    Field(pattern=MEMORY_PATTERN, max_length=16),
    Hint("must be an amount of memory in Mi, Gi or Ti, e.g. 2Gi"),
]
PoolName = Annotated[
    str,
    Field(pattern=NAME_PATTERN, min_length=1, max_length=63),
    Hint("must be the name of a node pool: lower-case letters, digits and '-', as the chart's values list them"),
]


class Gpu(ApiModel):
    """GPUs of one node pool."""

    count: int = Field(default=1, ge=1, le=16, description="Number of GPUs, or of slices where the pool has slices.")
    vram: Memory | None = Field(default=None, description="Memory that each GPU must have at least, e.g. 16Gi.")
    node_pool: PoolName = Field(description="Pool whose nodes have the GPUs; the chart's values list the pools.")


class ServingResources(ApiModel):
    """What each copy of a service gets."""

    cpu: Cpu = Field(
        default="500m", description="CPUs requested for a replica; it may use more where the node has some to spare."
    )
    memory: Memory = Field(default="2Gi", description="Memory requested for a replica, and its limit.")


def bytes_of(memory: str) -> int:
    """Read `16Gi` as bytes."""
    return int(memory[:-2]) * _UNITS[memory[-2:]]


def canonical_cpu(cpu: str) -> str:
    """Write `0.5` as `500m` and `2000m` as `2`, as Kubernetes does when it writes a quantity again."""
    milli = int(cpu[:-1]) if cpu.endswith("m") else math.ceil(Decimal(cpu) * 1000)
    return f"{milli}m" if milli % 1000 else str(milli // 1000)


def canonical_memory(memory: str) -> str:
    """Write `2048Mi` as `2Gi`, as Kubernetes does."""
    size = bytes_of(memory)
    unit = next(unit for unit in reversed(_UNITS) if size % _UNITS[unit] == 0)
    return f"{size // _UNITS[unit]}{unit}"
