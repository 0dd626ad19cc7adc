"""Carry a run out with kfp.local: `python -m tests.support.kfp_server.carry_out <folder>`."""

import json
import sys
from pathlib import Path

import yaml
from kfp import components, local


def main(folder: Path) -> None:
    """Run what `run.json` describes; ends with status 1 when a step failed."""
    run = json.loads((folder / "run.json").read_text())
    package = folder / "package.yaml"
    package.write_text(yaml.safe_dump(run["pipeline_spec"]["pipeline_spec"]))
    local.init(local.SubprocessRunner(use_venv=False), pipeline_root=str(folder / "artifacts"))
    components.load_component_from_file(str(package))(**run["runtime_config"]["parameters"])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
