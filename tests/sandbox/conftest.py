"""Each test's sandbox is its own, and gone afterwards."""

import tempfile
from pathlib import Path

import pytest

from tests.support.trimtab_cli import Trimtab


@pytest.fixture
def trimtab():
    with tempfile.TemporaryDirectory(prefix="tt-") as folder:
        command = Trimtab(Path(folder) / ".trimtab")
        yield command
        command("down", check=False)
