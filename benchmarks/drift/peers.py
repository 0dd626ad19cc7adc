"""Asks a peer, in the peers' own environment: arrays go as a file, the answer comes as JSON."""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv" / "peers" / "bin" / "python"
WORKER = Path(__file__).with_name("peer_worker.py")
PATIENCE = 3600.0
ABSENT = {"peers": "not asked: a quick run, or there is no .venv/peers"}
"""What a row says in their place."""


class NoPeersError(RuntimeError):
    """The peers' environment is not there."""


def present(*, quick: bool) -> bool:
    """Whether peers are to be asked: they take longer than all else, so a quick run leaves them out."""
    return PYTHON.exists() and not quick


def ask(peer: str, arrays: dict[str, np.ndarray], **options: Any) -> dict[str, Any]:
    """Run one peer on some arrays.

    Raises:
        NoPeersError: the environment was not made.
        subprocess.CalledProcessError: the peer failed; what it said is on standard error.
        subprocess.TimeoutExpired: it took longer than an hour.

    """
    if not PYTHON.exists():
        raise NoPeersError(f"no interpreter at {PYTHON}: make .venv/peers/.ready")
    with tempfile.TemporaryDirectory(prefix="trimtab-peers-") as folder:
        file = Path(folder) / "data.npz"
        np.savez(file, **arrays)
        command = [str(PYTHON), str(WORKER), peer, str(file), json.dumps(options)]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=PATIENCE)  # noqa: S603  # our own worker
    told: dict[str, Any] = json.loads(done.stdout)
    return told
