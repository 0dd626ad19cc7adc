"""The release before this one: the sources as they were before the charts last changed."""

import io
import subprocess
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


class NoHistory(Exception):  # noqa: N818 - reads as what it says
    """This checkout does not know what was before it."""


def before(folder: Path) -> Path:
    """The whole tree of the newest commit whose charts are not today's, in `folder`.

    Raises: NoHistory, in a shallow clone or without git.
    """
    changed = _git("log", "-1", "--format=%H", "--", "charts").decode().strip()
    with tarfile.open(fileobj=io.BytesIO(_git("archive", f"{changed}^"))) as tree:
        tree.extractall(folder, filter="data")
    return folder


def _git(*arguments: str) -> bytes:
    try:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoHistory("the history of this checkout does not reach to the charts before") from error
