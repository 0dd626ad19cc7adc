"""The README is short, and every command, file and folder it names is there."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
SHELL = "\n".join(re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL))


def test_the_readme_is_short():
    assert len(README.splitlines()) <= 200


def test_every_make_target_it_names_can_be_planned():
    targets = sorted(set(re.findall(r"\bmake ([a-z-]+)", SHELL)))
    assert targets
    planned = subprocess.run(["make", "--dry-run", *targets], cwd=ROOT, capture_output=True, text=True, check=False)
    assert planned.returncode == 0, planned.stderr


def test_every_trimtab_command_it_names_has_help():
    commands = sorted(set(re.findall(r"bin/trimtab (\w+)", SHELL)))
    assert commands
    for command in commands:
        told = subprocess.run(
            [ROOT / ".venv/operator/bin/trimtab", command, "--help"], capture_output=True, text=True, check=False
        )
        assert told.returncode == 0, told.stderr


def test_every_link_and_every_sample_it_names_is_there():
    named = re.findall(r"\]\(([^)#]+)\)", README) + re.findall(r"(?:examples|crds|charts)/[\w./-]+", SHELL)
    missing = [path for path in named if not (ROOT / path).exists()]
    assert named
    assert not missing


def test_every_folder_of_the_map_is_there():
    rows = README.split("## The folders")[1]
    cells = re.findall(r"^\| (`.*?) \|", rows, flags=re.MULTILINE)
    named = [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]
    places = [ROOT, ROOT / "operator/trimtab"]
    missing = [name for name in named if not any((place / name).exists() for place in places)]
    assert named
    assert not missing
