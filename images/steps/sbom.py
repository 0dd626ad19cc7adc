"""sbom.py IMAGE: the image's bill of materials as CycloneDX JSON, Python's distributions and Debian's packages alike.

The Python part is cyclonedx-py's own; the Debian part is what dpkg says, as package URLs that scanners know.
"""

import json
import subprocess
import sys
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ENVIRONMENT = "/opt/trimtab/bin/python"
FORMAT = "${Package}\t${Version}\t${Architecture}\n"


def bill(image: str) -> dict[str, Any]:
    """The whole bill; the same for the same contents: no times, no random serial number."""
    writer = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", ENVIRONMENT]
    found: dict[str, Any] = json.loads(_output(*writer))
    found["metadata"]["component"] = {"type": "container", "name": f"trimtab-{image}", "bom-ref": f"trimtab-{image}"}
    found["components"] += _debian()
    return found


def _debian() -> list[dict[str, str]]:
    lines = _output("dpkg-query", "--show", f"--showformat={FORMAT}").splitlines()
    return [_component(*line.split("\t")) for line in lines]


def _component(name: str, version: str, architecture: str) -> dict[str, str]:
    url = f"pkg:deb/debian/{name}@{version.replace(':', '%3A').replace('+', '%2B')}?arch={architecture}"
    return {"type": "library", "name": name, "version": version, "purl": url, "bom-ref": url}


def _output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - words of ours


def _checked(text: str) -> str:
    """The text, if CycloneDX's own schema accepts it."""
    if fault := JsonStrictValidator(SchemaVersion.from_version(json.loads(text)["specVersion"])).validate_str(text):
        raise SystemExit(f"the bill of materials is not CycloneDX: {fault}")
    return text


if __name__ == "__main__":
    sys.stdout.write(_checked(json.dumps(bill(sys.argv[1]), indent=1, sort_keys=True)))
