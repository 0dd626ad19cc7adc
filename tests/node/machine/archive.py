"""OCI image archives of single static programs, written without a builder: equal inputs give equal digests."""

import hashlib
import io
import json
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_OCI = "application/vnd.oci.image"
_EXECUTABLE = 0o755
_ANYBODY = 0o1777


def write(file: Path, name: str, programs: Mapping[str, Path], entrypoint: list[str]) -> Path:
    """Write an archive of one layer. `programs`: absolute path in the image to the file here. Returns `file`.

    `name` is in its normal form (`docker.io/trimtab/pause:1`): the kubelet looks for no other.
    """
    layer = _layer(programs)
    config = _json(
        {
            "architecture": "amd64",
            "os": "linux",
            "config": {"Entrypoint": entrypoint, "User": "65532:65532", "WorkingDir": "/"},
            "rootfs": {"type": "layers", "diff_ids": [_digest(layer)]},
        }
    )
    manifest = _json(
        {
            "schemaVersion": 2,
            "mediaType": f"{_OCI}.manifest.v1+json",
            "config": _descriptor(config, "config.v1+json"),
            "layers": [_descriptor(layer, "layer.v1.tar")],
        }
    )
    named = {"annotations": {"io.containerd.image.name": name}, "platform": {"architecture": "amd64", "os": "linux"}}
    index = _json({"schemaVersion": 2, "manifests": [_descriptor(manifest, "manifest.v1+json") | named]})
    blobs = {f"blobs/sha256/{_digest(blob).partition(':')[2]}": blob for blob in (layer, config, manifest)}
    files = {"oci-layout": b'{"imageLayoutVersion": "1.0.0"}', "index.json": index, **blobs}
    with tarfile.open(file, "w") as tar:
        for path, content in files.items():
            _add(tar, path, content, 0o644)
    return file


def _layer(programs: Mapping[str, Path]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        folder = tarfile.TarInfo("tmp")
        folder.type, folder.mode = tarfile.DIRTYPE, _ANYBODY
        tar.addfile(folder)
        for path, program in sorted(programs.items()):
            _add(tar, path.lstrip("/"), program.read_bytes(), _EXECUTABLE)
    return buffer.getvalue()


def _add(tar: tarfile.TarFile, path: str, content: bytes, mode: int) -> None:
    info = tarfile.TarInfo(path)
    info.size, info.mode = len(content), mode
    tar.addfile(info, io.BytesIO(content))


def _descriptor(blob: bytes, kind: str) -> dict[str, Any]:
    return {"mediaType": f"{_OCI}.{kind}", "digest": _digest(blob), "size": len(blob)}


def _digest(blob: bytes) -> str:
    return f"sha256:{hashlib.sha256(blob).hexdigest()}"


def _json(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True).encode()
