"""A program run in an image as a restricted pod runs it: not root, a root that nobody writes, no rights, no network."""

import json
import os
import subprocess
import uuid
from pathlib import Path
from typing import Any

from tests.support import gotools
from tests.support.images.archive import Image

_TMPFS = [("/tmp", "1777"), ("/dev/shm", "1777")]  # noqa: S108 - inside the container
_NAMESPACES = ("pid", "network", "ipc", "uts", "mount")


def run(image: Image, root: Path, *command: str, timeout: float = 60) -> "subprocess.CompletedProcess[str]":
    """Run a command in an image that is unpacked at `root`."""
    bundle = root.with_name(f"{root.name}-bundle")
    bundle.mkdir(exist_ok=True)
    (bundle / "config.json").write_text(json.dumps(_specification(image.config, root, command)))
    state = bundle / "state"
    program = [
        str(gotools.binary("runc")),
        "--root",
        str(state),
        "run",
        "--bundle",
        str(bundle),
        f"tt-{uuid.uuid4().hex[:8]}",
    ]
    return subprocess.run(
        program, capture_output=True, text=True, check=False, timeout=timeout, stdin=subprocess.DEVNULL
    )


def _specification(config: dict[str, Any], root: Path, command: tuple[str, ...]) -> dict[str, Any]:
    user, group = map(int, config["User"].split(":"))
    mounts = [{"destination": "/proc", "type": "proc", "source": "proc"}]
    mounts += [{"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"]}]
    mounts += [_tmpfs(place, mode) for place, mode in _TMPFS]
    return {
        "ociVersion": "1.2.0",
        "root": {"path": str(root), "readonly": True},
        "process": {
            "user": {"uid": user, "gid": group},
            "cwd": config["WorkingDir"],
            "env": config["Env"],
            "args": list(command),
            "noNewPrivileges": True,
            "capabilities": {},
        },
        "mounts": mounts,
        "linux": {"namespaces": [{"type": name} for name in _NAMESPACES], "cgroupsPath": f"/trimtab-{os.getpid()}"},
    }


def _tmpfs(place: str, mode: str) -> dict[str, Any]:
    return {"destination": place, "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "nodev", f"mode={mode}"]}
