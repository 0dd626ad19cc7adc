"""From the release before to this one and back, as docs/upgrade.md has it, while clients ask.

First of all by name: the release before is what this node's first installation is.
"""

import pytest

from tests.node.platform import release
from tests.node.platform.trimtab import Trimtab
from tests.node.story.service import Service
from tests.node.story.traffic import Traffic
from tests.support import images, pages

pytestmark = pytest.mark.timeout(900)

OLD, NEW, NEXT = "1.0.0", "1.0.1", "1.0.2"
KINDS, OPERATOR, HISTORY, BACK, *_ = pages.commands("upgrade")


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """The sources of the release before, and its operator's image."""
    try:
        sources = release.before(tmp_path_factory.mktemp("before"))
    except release.NoHistory as why:
        pytest.skip(str(why))
    return sources, images.build("operator", source=sources, called="operator-before")


@pytest.fixture(scope="module")
def service(node, platform, before):
    """A service of the release before."""
    sources, operator = before
    node.load(operator.archive)
    repository, tag = operator.reference.rsplit(":", 1)
    trimtab = Trimtab(node)
    trimtab.install(
        sources / "charts", image={"repository": repository, "tag": tag}, serving={"image": {"tag": images.VERSION}}
    )
    made = Service(trimtab, platform, "upgraded")
    made.create()
    made.apply(made.make(OLD)[OLD])
    made.until(lambda: made.says("Ready")[0] == "True")
    yield made
    node.kubectl("delete", "namespace", made.namespace, "--wait=false")


def test_an_upgrade_costs_no_request_and_the_new_operator_goes_on_where_the_old_one_was(service):
    was, cluster = service.status(), service.cluster()
    with Traffic(service.url()) as traffic:
        service.trimtab.follow(KINDS, OPERATOR)
        assert "operator-before" not in service.trimtab.image()
        said = promote(service, NEW)
    assert not traffic.failed, traffic.failed[:5]
    assert kept(was, service.status())
    assert ("Rolling" in said) == (service.cluster() != cluster)


def test_a_rollback_costs_no_request_and_the_old_operator_goes_on_beside_the_newer_kinds(service):
    was = service.status()
    with Traffic(service.url()) as traffic:
        service.trimtab.follow(HISTORY, BACK)
        assert "operator-before" in service.trimtab.image()
        promote(service, NEXT)
    assert not traffic.failed, traffic.failed[:5]
    assert kept(was, service.status())


def promote(service, version):
    """Bring a version and wait until it is promoted and all is quiet; the reasons that were said for what went on."""
    said = set()

    def promoted_and_quiet():
        under_way, reason, _ = service.says("Reconciling")
        said.add(reason)
        return service.champion() == version and under_way != "True"

    service.apply(service.make(version)[version])
    service.until(promoted_and_quiet)
    return said


def kept(was, now):
    """Whether a status went on from what it was: the same decisions before newer ones, and ready all the time."""
    return now["decisions"][: len(was["decisions"])] == was["decisions"] and since(now) == since(was)


def since(status):
    return next(one["lastTransitionTime"] for one in status["conditions"] if one["type"] == "Ready")
