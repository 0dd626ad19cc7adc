"""Writes what is generated from the kinds: `python -m trimtab.api.generate [root]`."""

import sys
from collections.abc import Mapping
from pathlib import Path

import yaml

from trimtab.api.crd import crd
from trimtab.api.docs import api_page, conditions_page, versions_page
from trimtab.api.kinds import KINDS

_NOTE = "# Generated from operator/trimtab/api by `make gen`; do not edit.\n"


def files() -> dict[str, str]:
    """Return every generated file: its path from the repository's root, and its text."""
    crds = {f"crds/{kind.plural}.yaml": _NOTE + as_yaml(crd(kind)) for kind in KINDS}
    pages = {"api": api_page(), "conditions": conditions_page(), "versions": versions_page()}
    return crds | {f"docs/reference/{name}.md": page for name, page in pages.items()}


def as_yaml(document: object) -> str:
    """Write YAML as all generated files have it."""
    return yaml.safe_dump(document, sort_keys=False, width=120, allow_unicode=True)


def write(files: Mapping[str, str], root: Path) -> None:
    """Write generated files under the root."""
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(files(), Path(sys.argv[1] if len(sys.argv) > 1 else "."))
