import pytest

from examples.flights.demo import story
from examples.flights.demo.world import standing_still, trouble
from tests.runtime_unit.flights.worlds import condition, ready, run, service, training, version, world

REFUSED = {"time": "2026-01-01T00:00:00Z", "action": "Rejected", "version": "1.0.1", "message": "a gate"}
FAILED = [condition("Ready", "False"), condition("Stalled", reason="TrainingFailed", message="it raised")]


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (training(), "flight-delay-again is training"),
        (world(), None),
        (ready(), None),
        (world(run("again", *FAILED, trigger="Drift")), None),
        (
            world(served=service(condition("Ready", "False", "Deploying", "wait"))),
            "the endpoint is not ready (Deploying: wait)",
        ),
        (
            world(versions=[version("1.0.0"), version("1.0.1", "Candidate")]),
            "flight-delay-1.0.1 waits to be loaded",
        ),
        (world(versions=[version("1.0.0"), version("1.0.1", "Rejected", rejected=True)]), None),
        (
            world(
                versions=[version("1.0.0"), version("1.0.1", "Candidate")],
                served=service(decisions=[REFUSED]),
            ),
            None,
        ),
        (world(versions=[version("0.9.10", "Candidate"), version("1.0.0")]), None),
        (
            world(
                served=service(
                    condition("Ready"), condition("ShadowHealthy", "False", "CandidateNotLoaded"), shadow="1.0.1"
                )
            ),
            "1.0.1 is being loaded",
        ),
        (
            world(
                versions=[version("1.0.0"), version("1.0.1", "Shadow"), version("1.0.2", "Candidate")],
                served=service(condition("Ready"), condition("ShadowHealthy"), shadow="1.0.1"),
            ),
            None,
        ),
    ],
    ids=[
        "training",
        "idle",
        "trained",
        "failed",
        "deploying",
        "unloaded",
        "refused",
        "unproven",
        "older",
        "loading",
        "shadowed",
    ],
)
def test_time_stands_still_while_a_model_is_made_or_loaded_and_only_then(seen, reason):
    assert standing_still(seen) == reason


def test_a_first_training_that_failed_is_trouble():
    assert trouble(world(run("first", *FAILED))) == "TrainingRun first failed: TrainingFailed: it raised"


def test_a_retraining_that_failed_is_left_to_the_loop():
    assert trouble(world(run("again", *FAILED, trigger="Drift"))) is None


def test_a_version_refused_at_training_is_part_of_the_story_with_its_numbers():
    gate = {"metric": "logLoss", "passed": False, "value": 0.52, "limit": 0.5, "champion": 0.49}
    seen = world(
        run("again", condition("Ready"), trigger="Drift", gates=[gate]),
        versions=[version("1.0.0"), version("1.0.1", "Rejected", rejected=True, run="again")],
    )
    (entry,) = story.entries(seen)
    assert (entry.action, entry.version, entry.run) == ("Rejected", "1.0.1", "again")
    assert entry.message == "refused at training: logLoss 0.5200 against 0.5000 (champion 0.4900)"


def test_a_refusal_the_operator_told_itself_is_told_once():
    seen = world(versions=[version("1.0.1", "Rejected", rejected=True)], served=service(decisions=[REFUSED]))
    assert [entry.message for entry in story.entries(seen)] == ["a gate"]
