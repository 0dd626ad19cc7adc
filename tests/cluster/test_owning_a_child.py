"""Why the operator may update finalizers although it never writes that subresource: the audit log cannot show it.

Where OwnerReferencesPermissionEnforcement is on, the API server looks for that right in whoever writes a child that
holds up its owner's deletion, as all children of ours do.
"""

import json

import pytest

from tests.support.objects import service, training_run
from trimtab.api.ownership import owner_reference
from trimtab.deploy import rights

OWNERS = [service(), training_run("svc")]
CONFIG = rights.rule("", ["configmaps"], "create")
FINALIZERS = [rule for rule in rights.CORE if any(name.endswith("/finalizers") for name in rule["resources"])]


@pytest.mark.parametrize("owner", OWNERS, ids=lambda owner: owner["kind"])
def test_a_child_that_holds_up_its_owner_is_refused_without_the_right_on_finalizers(control_plane, namespace, owner):
    def written(account):
        child = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"namespace": namespace, "name": "child"}}
        child["metadata"]["ownerReferences"] = [owner_reference(owner["kind"], "svc", uid)]
        place = (f"--as=system:serviceaccount:{namespace}:{account}", "create", "--dry-run=server", "-f", "-")
        return control_plane.kubectl(*place, given=json.dumps(child), check=False)

    control_plane.apply({**owner, "metadata": {"namespace": namespace, "name": "svc"}})
    uid = control_plane.get("-n", namespace, owner["kind"], "svc")["metadata"]["uid"]
    control_plane.grant(namespace, "with", [CONFIG, *FINALIZERS], f"{namespace}/with")
    control_plane.grant(namespace, "without", [CONFIG], f"{namespace}/without")
    assert "cannot set blockOwnerDeletion" in written("without").stderr
    assert written("with").returncode == 0, written("with").stderr
