"""Those who judge our objects from outside, by their own code: Argo CD's Lua engine, and Flux's and Helm's kstatus."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.support import gotools
from trimtab.keys import KubeObject

SETTINGS = Path(__file__).parents[2] / "deploy/gitops/argocd-cm.yaml"
_PREFIX = "resource.customizations"


@dataclass(frozen=True)
class Opinion:
    """What Argo CD shows of an object, offers to do with it, and would do."""

    health: str
    message: str
    actions: dict[str, bool]
    results: list[dict[str, Any]] | None


def kstatus(obj: KubeObject) -> str:
    """What Flux and `helm --wait` take the object for: Current, InProgress, Failed or Terminating."""
    return str(_ask("kstatus", obj)["status"])


def argocd(obj: KubeObject, action: str = "") -> Opinion:
    """What Argo CD takes the object for, told by our settings what to look at."""
    return Opinion(**_ask("argocd-lua", {"overrides": _overrides(), "object": obj, "action": action}))


def _overrides() -> dict[str, dict[str, str]]:
    """The settings as Argo CD reads them: what is set, then the kind it is set for."""
    found: dict[str, dict[str, str]] = {}
    for key, value in yaml.safe_load(SETTINGS.read_text())["data"].items():
        what, _, kind = key.removeprefix(f"{_PREFIX}.").partition(".")
        found.setdefault(kind.replace("_", "/"), {})[what] = value
    return found


def _ask(program: str, question: Any) -> dict[str, Any]:
    asked = json.dumps([question])
    done = subprocess.run([str(gotools.binary(program))], input=asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout)[0])
