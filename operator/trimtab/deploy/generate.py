"""Writes what is generated of the charts: `python -m trimtab.deploy.generate [root]`."""

import json
import sys
from pathlib import Path
from typing import Any

from trimtab.api.crd import crd
from trimtab.api.generate import as_yaml, write
from trimtab.api.kinds import KINDS
from trimtab.deploy import rights
from trimtab.deploy.values import render

_CHART = "charts/trimtab"
_CRDS = "charts/trimtab-crds"
_METADATA = """\
metadata:
  labels:
    helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
    app.kubernetes.io/name: trimtab
    app.kubernetes.io/instance: {{ .Release.Name }}
    app.kubernetes.io/managed-by: {{ .Release.Service }}
  {{- if .Values.keep }}
  annotations:
    helm.sh/resource-policy: keep
  {{- end }}
"""


def files() -> dict[str, str]:
    """Return every generated file: its path from the repository's root, and its text."""
    crds = {f"{_CRDS}/templates/{kind.plural}.yaml": _note("api") + _template(crd(kind)) for kind in KINDS}
    return crds | {
        f"{_CHART}/files/rights.yaml": _note("deploy/rights.py") + as_yaml(rights.table()),
        f"{_CHART}/values.schema.json": json.dumps(render.schema(), indent=2, ensure_ascii=False) + "\n",
        f"{_CHART}/values.yaml": _note("deploy/values") + render.defaults(),
        "docs/reference/values.md": _page(),
    }


def _note(source: str) -> str:
    return f"# Generated from operator/trimtab/{source} by `make gen`; do not edit.\n"


def _template(document: dict[str, Any]) -> str:
    """A CRD as a template of its chart: not by Helm's own YAML, which would write 1e+07 for ten million."""
    text = as_yaml(document).replace("{{", '{{ "{{" }}')
    return text.replace("metadata:\n", _METADATA, 1)


def _page() -> str:
    head = (
        "<!-- Generated from operator/trimtab/deploy/values by `make gen`; do not edit. -->\n"
        "# Values of the chart trimtab\n\n"
        "A value that is not here, or is not of its form, is refused before anything is installed.\n\n"
        "| Value | Default | What it does |\n| --- | --- | --- |\n"
    )
    return head + "".join(f"| `{path}` | `{default}` | {does} |\n" for path, default, does in render.rows())


if __name__ == "__main__":
    write(files(), Path(sys.argv[1] if len(sys.argv) > 1 else "."))
