import pytest

from tests.runtime_unit.serving.plane import Plane
from tests.support.models import make_plan, make_version


@pytest.fixture(scope="session")
def versions(tmp_path_factory):
    """Three versions of one model; 1.2.0 has learned the opposite of the truth."""
    folder = tmp_path_factory.mktemp("versions")
    made = (
        make_version(folder, "1.0.0"),
        make_version(folder, "1.1.0"),
        make_version(folder, "1.2.0", flipped=True),
    )
    return {ref.version: ref for ref in made}


@pytest.fixture
def plan(versions):
    return make_plan(versions["1.0.0"])


@pytest.fixture
async def plane(tmp_path, plan):
    """A host, a shadow and a monitor wired as in Ray, in one process."""
    plane = Plane(tmp_path / "monitor.sqlite")
    await plane.apply(plan)
    yield plane
    await plane.close()
