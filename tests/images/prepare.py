"""Build the images before the tests' time limits begin to count: python -m tests.images.prepare

Minutes, the first time, as BuildKit is built too; where images cannot be built, nothing is.
"""

import os
import shutil
import sys

from tests.support import images

NEEDS = {
    "a Linux where we are root, for BuildKit": sys.platform == "linux" and os.geteuid() == 0,
    "apt-get, for a Debian base": shutil.which("apt-get") is not None,
}


def obstacle() -> str | None:
    """Why no images can be built on this machine; None when they can."""
    missing = [need for need, there in NEEDS.items() if not there]
    return f"images are built with {' and '.join(missing)}" if missing else None


def main() -> None:
    """Build all; what is built already is kept."""
    if reason := obstacle():
        print(reason, file=sys.stderr)  # noqa: T201 - the tests say it again, when skipped
        return
    for name in images.IMAGES:
        images.build(name)


if __name__ == "__main__":
    main()
