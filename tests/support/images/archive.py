"""OCI images as files: a layout written around one root file system, and an archive read."""

import hashlib
import json
import shutil
import tarfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

_OCI = "application/vnd.oci.image"
_WHITEOUT = ".wh."
_PLATFORM = {"architecture": "amd64", "os": "linux"}


def write_layout(rootfs: Path, folder: Path) -> None:
    """Write an OCI layout of one image, whose only layer is this tar."""
    blobs = folder / "blobs" / "sha256"
    blobs.mkdir(parents=True)
    digest = _digest_of(rootfs)
    shutil.copyfile(rootfs, blobs / digest)
    layer = {"mediaType": f"{_OCI}.layer.v1.tar", "digest": f"sha256:{digest}", "size": rootfs.stat().st_size}
    config = {**_PLATFORM, "config": {}, "rootfs": {"type": "layers", "diff_ids": [layer["digest"]]}}
    manifest = {
        "schemaVersion": 2,
        "mediaType": f"{_OCI}.manifest.v1+json",
        "config": _put(blobs, config, "config.v1+json"),
        "layers": [layer],
    }
    entry = _put(blobs, manifest, "manifest.v1+json") | {"platform": _PLATFORM}
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [entry]}))
    (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')


def unpack_layout(image: "Image", folder: Path) -> None:
    """Write an OCI layout of what an archive holds."""
    with tarfile.open(image.archive) as outer:
        outer.extractall(folder, filter="data")


def layout_digest(folder: Path) -> str:
    """Digest of the only image of a layout."""
    return str(json.loads((folder / "index.json").read_text())["manifests"][0]["digest"])


def _put(blobs: Path, value: dict[str, Any], kind: str) -> dict[str, Any]:
    content = json.dumps(value, sort_keys=True).encode()
    digest = hashlib.sha256(content).hexdigest()
    (blobs / digest).write_bytes(content)
    return {"mediaType": f"{_OCI}.{kind}", "digest": f"sha256:{digest}", "size": len(content)}


def _digest_of(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


@dataclass(frozen=True)
class Image:
    """An OCI archive of one image."""

    archive: Path
    reference: str

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Its manifest, with the digest of each layer."""
        index = self._json("index.json")
        return self._json(_blob(index["manifests"][0]["digest"]))

    @cached_property
    def config(self) -> dict[str, Any]:
        """What it says about itself: user, entrypoint, environment, labels."""
        return dict(self._json(_blob(self.manifest["config"]["digest"]))["config"])

    @property
    def size(self) -> int:
        """Bytes of its layers, not compressed."""
        return sum(layer["size"] for layer in self.manifest["layers"])

    def unpack(self, folder: Path) -> None:
        """Lay its layers over one another, as a runtime does."""
        folder.mkdir(parents=True)
        with tarfile.open(self.archive) as outer:
            for layer in self.manifest["layers"]:
                with tarfile.open(fileobj=_file(outer, _blob(layer["digest"]))) as files:
                    for member in files:
                        _lay(files, member, folder)

    def _json(self, name: str) -> dict[str, Any]:
        with tarfile.open(self.archive) as outer:
            return dict(json.load(_file(outer, name)))


def _lay(files: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    place = folder / member.name
    if place.name.startswith(_WHITEOUT):
        gone = place.with_name(place.name.removeprefix(_WHITEOUT))
        shutil.rmtree(gone) if gone.is_dir() and not gone.is_symlink() else gone.unlink(missing_ok=True)
    elif not member.isdev():
        files.extract(member, folder, numeric_owner=True, filter="fully_trusted")


def _blob(digest: str) -> str:
    return f"blobs/{digest.replace(':', '/')}"


def _file(outer: tarfile.TarFile, name: str) -> IO[bytes]:
    file = outer.extractfile(name)
    if file is None:
        raise FileNotFoundError(name)
    return file
