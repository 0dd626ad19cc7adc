"""What a repository holds stays as it is there: the operator writes status and its finalizer, and nothing else."""

from tests.support.objects import service, training_run
from tests.support.waiting import until
from trimtab.reconcile.naming import FINALIZER

GIT = "test"  # the field manager with which the stage applies, as Argo CD and Flux do with theirs
OBJECTS = [("trun", "first", training_run), ("infsvc", "svc", service)]
THE_FINALIZER = {"f:metadata": {"f:finalizers": {f'v:"{FINALIZER}"': {}}}}


def test_after_a_whole_life_the_operator_owns_nothing_that_git_holds(stage):
    for _, name, make in OBJECTS:
        stage.apply(make(name))
    until(lambda: champion(stage) == "1.0.1", "a retrained version is promoted")

    assert [owned_by_others(stage, kind, name) for kind, name, _ in OBJECTS] == [[THE_FINALIZER], [THE_FINALIZER]]

    for _, name, make in OBJECTS:
        stage.apply(make(name))  # a conflict would fail it
    assert [stage.get(kind, name)["metadata"]["generation"] for kind, name, _ in OBJECTS] == [1, 1]


def champion(stage):
    return stage.get("infsvc", "svc").get("status", {}).get("champion", {}).get("version")


def owned_by_others(stage, kind, name):
    """What any other field manager than Git's owns, outside of status."""
    shown = stage.plane.get(kind, name, "-n", stage.namespace, "--show-managed-fields")
    entries = [entry for entry in shown["metadata"]["managedFields"] if entry["manager"] != GIT]
    assert entries, "the operator has written nothing"
    return [entry["fieldsV1"] for entry in entries if entry.get("subresource") != "status"]
