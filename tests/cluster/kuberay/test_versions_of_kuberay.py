"""What we render before the real kinds of every KubeRay that we support: which it is, only its schema says."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.support import gotools, kuberay
from trimtab.adapters.serving.kuberay import render
from trimtab.adapters.serving.kuberay.features import SCHEMA, Features
from trimtab.adapters.serving.kuberay.features import read as features_of
from trimtab.errors import Refuse

pytestmark = pytest.mark.timeout(180)
PATIENCE = 60.0
ALL = {"store": "s3://models", "storage_secret": "lake", "pull_secret": "registry"}
WITHOUT_NAMES = "v1.5.1"
CASES = [(version, Features(named_token=version != WITHOUT_NAMES)) for version in gotools.KUBERAY_SCHEMAS]


@pytest.fixture
def too_old(control_plane) -> Iterator[None]:
    with kuberay.of_version(control_plane, gotools.KUBERAY_TOO_OLD):
        yield


async def published(api, wanted: Features | None) -> None:
    """Wait until the schema that everybody may read is this version's."""
    async with asyncio.timeout(PATIENCE):
        while await read(api) != wanted:
            await asyncio.sleep(0.2)


async def read(api) -> Features | None:
    """What the schema says; None for a KubeRay that is refused."""
    try:
        return features_of(await api.call("GET", SCHEMA))
    except Refuse:
        return None


@pytest.fixture(params=CASES, ids=[version for version, _ in CASES])
def features(request, control_plane) -> Iterator[Features]:
    """What a KubeRay can do whose kinds the API server has."""
    version, features = request.param
    with kuberay.of_version(control_plane, version):
        yield features


async def test_every_version_takes_what_we_render_whole_and_its_schema_says_what_it_can(features, stage):
    await published(stage.api, features)
    await stage.engine(**ALL).apply(stage.plan())
    uid = stage.get("infsvc", "svc")["metadata"]["uid"]
    wanted = render.ray_service(stage.plan(), uid, stage.settings(**ALL), features)
    # A field that a version does not know would have been dropped or refused.
    assert render.holds(stage.get("rayservice", "svc"), wanted)
    assert bool(stage.get("secrets")["items"]) == features.named_token


async def test_a_kuberay_without_tokens_is_refused_before_anything_is_made(too_old, stage):  # noqa: ARG001  # its kinds
    await published(stage.api, None)
    with pytest.raises(Refuse, match=r"upgrade it to 1\.5\.1"):
        await stage.engine().apply(stage.plan())
    assert stage.get("rayservices,secrets")["items"] == []
