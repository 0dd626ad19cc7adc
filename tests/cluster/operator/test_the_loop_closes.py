"""The whole loop, by a real operator over a real API server."""

from tests.support.objects import service, training_run
from tests.support.waiting import until


def test_from_one_training_run_to_a_promoted_retrain(stage):
    stage.apply(training_run("first"))
    stage.apply(service("svc"))

    def promoted():
        status = stage.get("infsvc", "svc").get("status", {})
        return (
            status.get("champion", {}).get("version") == "1.0.1"
            and stage.condition("infsvc", "svc", "Ready")[0] == "True"
        )

    until(promoted, "the retrained version is promoted")
    actions = [d["action"] for d in stage.get("infsvc", "svc")["status"]["decisions"]]
    assert actions == ["Deployed", "Retrain", "Shadowed", "Promoted"]
    assert stage.condition("trun", "svc-drift-1", "Ready") == ("True", "Succeeded")
    assert set(stage.outside.starts.values()) == {1}
    until(lambda: stage.get("mver", "late-1.0.0")["status"]["channel"] == "Retired", "1.0.0 retires")


def test_the_operator_has_the_rights_it_uses(stage):
    stage.apply(training_run("first", ttlSecondsAfterFinished=1))
    stage.apply(service("svc"))
    until(lambda: not stage.get("trun", "first") and stage.get("mver", "late-1.0.1"), "all kinds of writes are done")
    codes = {entry["responseStatus"]["code"] for entry in stage.plane.writes()}
    assert 403 not in codes
    assert "orbidden" not in stage.operator.said
