"""What clients see while versions and Ray clusters change and the leading operator is killed in the midst: nothing."""

from itertools import cycle

import pytest

from tests.node.platform import kuberay
from tests.node.story.service import Service
from tests.node.story.traffic import Traffic

pytestmark = pytest.mark.timeout(1200)

PROMOTIONS, ROLLS = 20, 5
MOST_CLUSTERS = 2  # before a roll; with the new one they fit on the node, and KubeRay too should it start again
FIRST, *LATER = [f"1.0.{nth}" for nth in range(PROMOTIONS + 1)]
NEXT = "1.1.0"
PAIR = {"replicas": 2, "leaseSeconds": 6, "pollSeconds": 1}  # who stands by leads when the dead one's time is over
MOMENTS = (("shadow", "champion"), ("champion",))  # the leader dies while two are compared, or the verdict was written


@pytest.fixture(scope="module")
def service(trimtab, platform):
    trimtab.install(**PAIR)
    suspend_others(trimtab.node)
    made = Service(trimtab, platform, "clients")
    made.create()
    made.patch(resources={"cpu": "100m"})
    made.apply(made.make(FIRST)[FIRST])
    made.until(lambda: made.says("Ready")[0] == "True")
    yield made
    trimtab.install()


def suspend_others(node):
    """Make room: while one rolls after the other, clusters that were just left ask for processors and memory too."""
    for other in node.get("infsvc", "-A")["items"]:
        where = ("-n", other["metadata"]["namespace"], "--type=merge", '--patch={"spec":{"suspend":true}}')
        node.kubectl("patch", "infsvc", other["metadata"]["name"], *where)


def test_no_request_fails_over_twenty_promotions_with_the_operator_killed_in_each(service):
    versions = service.make(*LATER)
    with Traffic(service.url()) as traffic:
        for version, moment in zip(LATER, cycle(MOMENTS), strict=False):
            promote(service, traffic, versions[version], moment)
    assert not traffic.failed, traffic.failed[:5]
    assert set(traffic.answered) == {FIRST, *LATER}


def promote(service, traffic, document, moment):
    """Bring a version, kill the leader when it holds one of these places, and wait until clients get its answers."""
    version = document["spec"]["version"]
    service.apply(document)
    service.until(lambda: service.place(version) in moment)
    service.kill_the_leader()
    service.until(lambda: traffic.answered[version] > 0)


def test_no_request_fails_when_the_champion_is_rejected_and_the_one_below_it_comes_back(service):
    below, rejected = LATER[-2:]
    with Traffic(service.url()) as traffic:
        service.until(lambda: traffic.answered[rejected] > 0)
        service.reject(rejected)
        service.until(lambda: traffic.answered[below] > 0)
    assert not traffic.failed, traffic.failed[:5]
    assert service.champion() == below


def test_no_request_fails_over_five_rolls_of_the_ray_cluster_with_the_operator_killed_in_each(service):
    with Traffic(service.url()) as traffic:
        for nth in range(ROLLS):
            roll(service, memory=f"{2049 + nth}Mi")
    assert not traffic.failed, traffic.failed[:5]
    assert set(traffic.answered) == {service.champion()}


def roll(service, memory):
    """Change the pods, kill the leader while a second cluster starts, and wait until that one serves."""
    service.until(lambda: service.clusters() <= MOST_CLUSTERS)
    before = service.cluster()
    service.patch(resources={"memory": memory})
    service.until(lambda: service.says("Reconciling")[:2] == ("True", "Rolling"))
    service.kill_the_leader()
    service.until(lambda: service.cluster() != before)
    service.until(lambda: service.says("Reconciling")[0] != "True" and service.says("Ready")[0] == "True")


def test_without_kuberay_the_old_version_answers_and_the_new_one_waits_until_it_is_back(node, service):
    champion = service.champion()
    with Traffic(service.url()) as traffic:
        scale_kuberay(node, 0)
        node.kubectl("wait", "--for=delete", "pods", "--all", "-n", kuberay.NAMESPACE, "--timeout=60s")
        service.apply(service.make(NEXT)[NEXT])
        service.until(lambda: "KubeRay has not taken up" in service.says("ShadowHealthy")[2])
        assert service.says("Ready")[0] == "True"
        scale_kuberay(node, 1)
        service.until(lambda: traffic.answered[NEXT] > 0)
    assert not traffic.failed, traffic.failed[:5]
    assert set(traffic.answered) == {champion, NEXT}


def scale_kuberay(node, replicas):
    node.kubectl("scale", f"deployment/{kuberay.NAME}", "-n", kuberay.NAMESPACE, f"--replicas={replicas}")
