"""The images, built once for all tests, and unpacked where a test looks into them or runs them."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from tests.images.prepare import obstacle
from tests.support import images
from tests.support.images.container import run


@dataclass(frozen=True)
class Built:
    name: str
    image: images.Image
    place: Path

    @cached_property
    def root(self):
        folder = self.place / self.name
        self.image.unpack(folder)
        return folder

    @property
    def packages(self):
        return self.root / "opt/trimtab/lib/python3.11/site-packages"

    def run(self, *command):
        return run(self.image, self.root, *command)


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    if reason := obstacle():
        pytest.skip(reason)
    return tmp_path_factory.mktemp("images")


@pytest.fixture(scope="session")
def operator(place):
    return Built("operator", images.build("operator"), place)


@pytest.fixture(scope="session")
def trainer(place):
    return Built("trainer", images.build("trainer"), place)


@pytest.fixture(scope="session")
def serving(place):
    return Built("serving", images.build("serving"), place)


@pytest.fixture(scope="session", params=images.IMAGES)
def built(request):
    return request.getfixturevalue(request.param)
