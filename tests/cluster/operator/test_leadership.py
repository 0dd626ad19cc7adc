"""One operator leads; a killed one is followed at once by itself, and by another when its lease is over."""

import signal
import urllib.error
import urllib.request

from tests.support.objects import training_run
from tests.support.operator_process import OperatorProcess
from tests.support.waiting import until


def another(stage, tmp_path, identity):
    told = {**stage.operator.environment, "TRIMTAB_IDENTITY": identity, "TRIMTAB_LEASE_SECONDS": "2"}
    return OperatorProcess(told, tmp_path / f"{identity}.log", ("--namespace", stage.namespace))


def holder(stage):
    return stage.get("lease", "trimtab-operator").get("spec", {}).get("holderIdentity")


def readiness(operator):
    address = next(line.split()[-1] for line in operator.said.splitlines() if "health at" in line)
    try:
        return urllib.request.urlopen(address + "/readyz").read().decode().strip()  # noqa: S310 - our own address
    except urllib.error.HTTPError as starting:  # 503, while a new leader reads what there is
        return starting.read().decode().strip()


def test_a_killed_operator_goes_on_when_it_is_started_again(stage):
    until(lambda: holder(stage), "the operator leads")
    stage.operator.end(signal.SIGKILL)
    stage.apply(training_run("first"))
    stage.operator.start()
    until(lambda: stage.condition("trun", "first", "Ready")[0] == "True", "the run is finished")


def test_a_second_operator_stands_by_until_the_first_one_ends(stage, tmp_path):
    until(lambda: holder(stage), "the first leads")
    with another(stage, tmp_path, "second") as second:
        until(lambda: "standing by" in second.said, "the second stands by")
        assert holder(stage) != "second"
        assert readiness(second) == "standing by"
        assert stage.operator.end() == 0
        until(lambda: holder(stage) == "second", "the second leads")
        until(lambda: readiness(second) == "leading", "and says so")


def test_a_lease_that_is_not_renewed_goes_to_another(stage, tmp_path):
    stage.operator.end()
    with another(stage, tmp_path, "dead") as dead:
        until(lambda: holder(stage) == "dead", "the first leads")
        dead.end(signal.SIGKILL)
    with another(stage, tmp_path, "heir"):
        until(lambda: holder(stage) == "heir", "another leads after the lease's end")


def test_a_second_operator_of_the_same_folder_stands_by_as_well(stage, tmp_path):
    until(lambda: holder(stage), "the first leads")
    twin = OperatorProcess(stage.operator.environment, tmp_path / "twin.log", ("--namespace", stage.namespace))
    with twin:
        until(lambda: "standing by" in twin.said, "the twin stands by")
        stage.operator.end(signal.SIGKILL)
        until(lambda: "leading" in twin.said, "the twin leads")


def test_an_operator_with_a_wrong_setting_ends_and_never_stands_by(stage, tmp_path):
    until(lambda: holder(stage), "the first leads")
    wrong = another(stage, tmp_path, "wrong")
    wrong.environment["TRIMTAB_PIPELINES"] = "jobb"
    with wrong:
        assert wrong.process.wait(timeout=60) != 0
    assert "there is no engine 'jobb'" in wrong.said
    assert "health at" not in wrong.said
