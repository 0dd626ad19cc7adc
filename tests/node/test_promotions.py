"""What clients see while versions change and the operator dies: nothing."""

import pytest

from tests.node.platform.trimtab import NAMESPACE, RELEASE
from tests.node.story.service import Service
from tests.node.story.traffic import Traffic

pytestmark = pytest.mark.timeout(1200)

PROMOTIONS = 20
SHORT_LEASE = {"leaseSeconds": 4, "pollSeconds": 1}  # a new pod leads when the dead one's time is over


@pytest.fixture(scope="module")
def service(trimtab, platform):
    trimtab.install(**SHORT_LEASE)
    made = Service(trimtab, platform, "promotions")
    made.create()
    made.bring("1.0.0")
    made.until(Service.ready)
    yield made
    trimtab.node.kubectl("delete", "namespace", made.namespace, "--wait=false")
    trimtab.install()


def kill_the_operator(node):
    selector = f"--selector=app.kubernetes.io/instance={RELEASE}"
    node.kubectl("delete", "pods", "-n", NAMESPACE, selector, "--force", "--grace-period=0")


def test_no_request_fails_over_promotions_with_the_operator_killed_in_each(node, service):
    with Traffic(service.url()) as traffic:
        for nth in range(1, PROMOTIONS + 1):
            version = f"1.0.{nth}"
            service.bring(version)
            service.until(lambda it, version=version: it.status().get("shadow", {}).get("version") == version)
            kill_the_operator(node)
            service.until(lambda it, version=version: it.champion() == version)
    assert not traffic.failed, traffic.failed[:5]
    assert traffic.answered[f"1.0.{PROMOTIONS - 1}"]
