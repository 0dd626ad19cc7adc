"""The field's own Go programs (Helm, KubeRay, containerd …), as binaries and as files, pinned by module version.

    gotools.binary("helm")    -> the program, built once and kept beyond the checkout's life
    gotools.module(KUBERAY)   -> the module's folder, for its CRDs

One way for all tests, so that a version stands in one place (`table`) and nothing is fetched as a ready binary.
`python -m tests.support.gotools helm containerd` builds beforehand; without names it builds all.
"""

from tests.support.gotools.build import BuildFailed, binary, module
from tests.support.gotools.table import GATEWAY_API, KUBERAY, KUBERAY_SCHEMAS, KUBERAY_TOO_OLD, TOOLS, Tool

__all__ = [
    "GATEWAY_API",
    "KUBERAY",
    "KUBERAY_SCHEMAS",
    "KUBERAY_TOO_OLD",
    "TOOLS",
    "BuildFailed",
    "Tool",
    "binary",
    "module",
]
