"""An API server that knows no RayServices: nothing is in place, and the condition says what to install."""

import pytest

from trimtab.errors import Wait


async def test_a_plan_waits_for_kuberay(stage):
    with pytest.raises(Wait, match="KubeRayNotInstalled"):
        await stage.engine().apply(stage.plan())


async def test_nothing_is_found_and_nothing_holds_up_a_deletion(stage):
    assert await stage.found() is None
    await stage.engine().remove(stage.namespace, "svc")
