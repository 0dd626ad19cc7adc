"""Free ports on the loopback interface, remembered while the sandbox runs."""

import json
import random
import socket
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from trimtab.sandbox.errors import SandboxError

HOST = "127.0.0.1"
# Above Ray's default worker ports (10002-19999), below the kernel's range for outgoing connections (32768-).
LOWEST, HIGHEST = 20000, 32000
RAY_WORKERS = 100  # worker processes one Ray head may have


@dataclass(frozen=True)
class Addresses:
    """The port of everything that listens."""

    etcd: int
    etcd_peer: int
    etcd_health: int
    apiserver: int
    controllers: int
    mlflow: int
    ray: int
    ray_dashboard: int
    ray_client: int
    ray_object_manager: int
    ray_node_manager: int
    ray_agent_http: int
    ray_agent_grpc: int
    ray_runtime_env: int
    ray_metrics: int
    ray_autoscaler_metrics: int
    ray_dashboard_metrics: int
    serve: int
    operator: int
    ray_workers: int  # the first of RAY_WORKERS ports in a row


def load(file: Path) -> Addresses | None:
    """The remembered ports; None when there are none, or they are another version's."""
    if not file.exists():
        return None
    known = json.loads(file.read_text())
    return Addresses(**known) if known.keys() == {f.name for f in fields(Addresses)} else None


def choose(file: Path) -> Addresses:
    """Choose free ports and remember them."""
    names = [f.name for f in fields(Addresses) if f.name != "ray_workers"]
    workers = _free_block(RAY_WORKERS)
    singles = free(exclude=range(workers, workers + RAY_WORKERS))
    addresses = Addresses(ray_workers=workers, **{name: next(singles) for name in names})
    file.write_text(json.dumps(asdict(addresses), indent=1))
    return addresses


def free(exclude: Iterable[int] = ()) -> Iterator[int]:
    """Ports that nothing listens on, in no order; each is given once.

    Raises: SandboxError when there are no more.
    """
    candidates = sorted(set(range(LOWEST, HIGHEST)) - set(exclude))
    random.shuffle(candidates)
    yield from filter(_is_free, candidates)
    raise SandboxError(f"no free port on {HOST} between {LOWEST} and {HIGHEST}")


def _free_block(size: int) -> int:
    starts = list(range(LOWEST, HIGHEST - size, size))
    random.shuffle(starts)
    for start in starts:
        if all(map(_is_free, range(start, start + size))):
            return start
    raise SandboxError(f"no {size} free ports in a row on {HOST} between {LOWEST} and {HIGHEST}")


def _is_free(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError:
            return False
        return True
