"""Versions of a small real model in a bucket, and their ModelVersions as JSON; run in the runtime's environment.

python -m tests.node.story.models MODEL FOLDER S3_FOLDER VERSION…
"""

import json
import sys
from pathlib import Path
from typing import Any

from tests.support.models import make_version
from trimtab.api.common import API_VERSION
from trimtab.contract.serving import VersionRef


def imported(model: str, made: VersionRef, folder: Path, remote: str) -> dict[str, Any]:
    """The ModelVersion by which someone brings a version that was trained elsewhere."""
    told = made.model_dump(by_alias=True, mode="json", exclude_none=True)
    for part in (told["artifact"], told["profile"]):
        part["uri"] = part["uri"].replace(folder.as_uri(), remote)
    return {
        "apiVersion": API_VERSION,
        "kind": "ModelVersion",
        "metadata": {"name": f"{model}-{made.version}"},
        "spec": {"model": model, **{name: told[name] for name in ("version", "artifact", "signature", "profile")}},
    }


def main(model: str, folder: Path, remote: str, *versions: str) -> None:
    """Make the files and tell of them."""
    folder.mkdir(parents=True, exist_ok=True)
    told = [imported(model, make_version(folder, version), folder, remote) for version in versions]
    print(json.dumps(told))  # noqa: T201 - for the process that started it


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
