"""Which programs there are, and how each is built.

A program is built in a copy of its module, as the main module: there its own go.sum decides what it is made of. Two
kinds need a file of ours instead: those of a repository that cannot be a main module outside its checkout (Kubernetes:
`source` is a folder with a go.mod of ours), and those we want with less in them (CoreDNS: `main` is put into the copy).
"""

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
GITOPS = HERE.parents[1] / "gitops"
STRIPPED = "-s -w"


@dataclass(frozen=True)
class Tool:
    """One program: its module at a version, the package that is its `main`, and what the compiler is told."""

    name: str
    module: str
    version: str
    package: str = "."
    tags: str = ""
    ldflags: str = STRIPPED
    cgo: bool = False
    source: Path | None = None  # our go.mod, which requires the module
    main: Path | None = None  # our main.go, which goes into a copy of the module
    debian: tuple[str, ...] = ()  # Debian packages whose headers and static libraries the compiler needs

    @property
    def folder(self) -> str:
        """Name of the folder that the program is kept in."""
        return f"{self.name}-{self.version.removeprefix('v')}"


KUBERNETES = ("k8s.io/kubernetes", "v1.37.2")
CONTAINERD = ("github.com/containerd/containerd/v2", "v2.4.2")
RUNC = ("github.com/opencontainers/runc", "v1.4.2")
CNI = ("github.com/containernetworking/plugins", "v1.9.1")
COREDNS = ("github.com/coredns/coredns", "v1.13.1")
KUBERAY = ("github.com/ray-project/kuberay/ray-operator", "v1.6.2")
KUBERAY_SCHEMAS = ("v1.5.1", "v1.6.0", "v1.6.1", "v1.6.2")
"""Versions whose kinds the tests put before an API server: all that the module proxy has of those we support."""
KUBERAY_TOO_OLD = "v1.5.0"
GATEWAY_API = ("sigs.k8s.io/gateway-api", "v1.6.3")
ARGOCD = ("github.com/argoproj/argo-cd/v3", "v3.2.12")  # the newest whose own modules can all be had
BUILDKIT = ("github.com/moby/buildkit", "v0.26.2")

_KUBERNETES_LDFLAGS = " ".join(
    [
        STRIPPED,
        f"-X k8s.io/component-base/version.gitVersion={KUBERNETES[1]}",
        "-X k8s.io/component-base/version.gitMajor=1",
        "-X k8s.io/component-base/version.gitMinor=37",
        f"-X k8s.io/client-go/pkg/version.gitVersion={KUBERNETES[1]}",
    ]
)


def _kubernetes(name: str) -> Tool:
    package = f"k8s.io/kubernetes/cmd/{name}"
    return Tool(name, *KUBERNETES, package=package, ldflags=_KUBERNETES_LDFLAGS, source=HERE / "kubernetes")


def _containerd(name: str) -> Tool:
    return Tool(name, *CONTAINERD, package=f"./cmd/{name}", tags="no_btrfs")


_ALL = (
    *map(_kubernetes, ("kube-proxy", "kube-scheduler", "kubelet")),
    *map(_containerd, ("containerd", "containerd-shim-runc-v2", "ctr")),
    Tool(
        "runc",
        *RUNC,
        tags="seccomp netgo osusergo",
        ldflags=f"{STRIPPED} -linkmode external -extldflags -static",
        cgo=True,
        debian=("libseccomp-dev",),
    ),
    *(Tool(f"cni-{name}", *CNI, package=f"./plugins/{kind}/{name}") for kind, name in
      (("main", "bridge"), ("main", "loopback"), ("ipam", "host-local"))),
    Tool("pause", "trimtab.dev/pause", "v1", source=HERE / "pause"),
    Tool("coredns", *COREDNS, package="./node", main=HERE / "coredns.go"),
    Tool("kuberay-operator", *KUBERAY),
    Tool("helm", "helm.sh/helm/v4", "v4.2.4", package="./cmd/helm"),
    Tool("buildkitd", *BUILDKIT, package="./cmd/buildkitd"),
    Tool("buildctl", *BUILDKIT, package="./cmd/buildctl"),
    Tool("argocd-lua", *ARGOCD, source=GITOPS / "argocd"),
    Tool("kstatus", "github.com/fluxcd/cli-utils", "v1.2.1", source=GITOPS / "kstatus"),
    Tool("versitygw", "github.com/versity/versitygw", "v1.8.0", package="./cmd/versitygw"),
    Tool("skaffold", "github.com/GoogleContainerTools/skaffold/v2", "v2.24.0", package="./cmd/skaffold"),
)  # fmt: skip

TOOLS = {tool.name: tool for tool in _ALL}
