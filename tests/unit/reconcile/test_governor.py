"""The governor cannot be talked into running away."""

from dataclasses import replace
from datetime import timedelta

from tests.support.fakes import START
from tests.support.objects import training_spec
from trimtab.api.inferenceservice import Budget, Decision, Retraining
from trimtab.api.reasons import ServiceReason as R
from trimtab.api.trainingrun import TrainingRunSpec, TrainingRunStatus
from trimtab.reconcile.governor import Situation, rule
from trimtab.reconcile.reading import Head, Object

RULES = Retraining(cooldown="1h", budget=Budget(runs=2, per="7d"), suspend_after_failures=3)
CALM = Situation(
    champion_since=START - timedelta(days=100),
    repeatable=True,
    candidate=False,
    runs=(),
    drift_runs=(),
    versions=frozenset(),
    told=(),
)


def run(name="svc-drift-1", created=0.0, ended=None, made=None, **spec):
    """A run created so many hours ago, ended so many hours ago."""
    head = Head("ns", name, name, "1", 1, START - timedelta(hours=created))
    end = None if ended is None else START - timedelta(hours=ended)
    status = TrainingRunStatus(completion_time=end, model_version=made)
    return Object(head, TrainingRunSpec.model_validate(training_spec(**spec)), status)


def after(*runs, rules=RULES, now=START, **changes):
    return rule(rules, replace(CALM, runs=runs, drift_runs=runs, **changes), now)


def test_a_calm_situation_is_no_objection():
    assert after().allowed


def test_without_rules_drift_is_only_told():
    assert rule(None, CALM, START).reason == R.NOT_CONFIGURED


def test_a_version_made_by_hand_cannot_be_repeated():
    assert after(repeatable=False).reason == R.NOTHING_TO_REPEAT


def test_one_run_of_a_model_at_a_time():
    assert after(run(created=1)).reason == R.ALREADY_RUNNING


def test_a_run_made_by_hand_counts_as_well():
    situation = replace(CALM, runs=(run("by-hand"),))
    assert rule(RULES, situation, START).reason == R.ALREADY_RUNNING


def test_a_run_that_waits_for_approval_says_so():
    assert after(run(suspend=True)).reason == R.AWAITING_APPROVAL


def test_a_suspended_run_made_by_hand_counts_as_it_may_go_on_at_any_time_and_says_what_to_do():
    ruling = rule(RULES, replace(CALM, runs=(run("by-hand", suspend=True),)), START)
    assert ruling.reason == R.RUN_SUSPENDED
    assert "TrainingRun by-hand is suspended" in ruling.message
    assert ruling.message.endswith("set its spec.suspend to false, or delete it")


def test_ours_that_waits_is_told_first_and_what_is_at_work_before_what_others_suspended():
    by_hand, ours, working = run("by-hand", suspend=True), run(suspend=True), run("working")
    assert rule(RULES, replace(CALM, runs=(by_hand, working)), START).message == "TrainingRun working is under way"
    situation = replace(CALM, runs=(by_hand, working, ours), drift_runs=(ours,))
    assert rule(RULES, situation, START).reason == R.AWAITING_APPROVAL


def test_a_run_that_has_ended_is_not_suspended():
    assert after(run(created=3, ended=0.01, made="late-1.0.1", suspend=True)).reason == R.ALREADY_RUNNING


def test_a_run_whose_version_is_not_seen_yet_is_still_under_way():
    assert after(run(created=3, ended=0.01, made="late-1.0.1")).reason == R.ALREADY_RUNNING


def test_a_version_that_was_deleted_is_not_waited_for():
    assert after(run(created=3, ended=2, made="late-1.0.1")).allowed


def test_no_run_while_a_candidate_is_compared():
    assert after(candidate=True).reason == R.CANDIDATE_IN_SHADOW


def test_the_cooldown_counts_from_the_end_of_the_last_run():
    ruling = after(run(created=9, ended=0.5))
    assert (ruling.reason, ruling.until) == (R.COOLING_DOWN, START + timedelta(hours=0.5))
    assert after(run(created=9, ended=1)).allowed


def test_a_run_that_was_deleted_leaves_its_cooldown_behind():
    asked = [Decision(time=START - timedelta(hours=0.5), action="Retrain", run="svc-drift-1")]
    assert after(told=asked).reason == R.COOLING_DOWN


def test_the_cooldown_of_a_declined_run_counts_from_the_no():
    told = [Decision(time=START - timedelta(hours=h), action="Retrain", run="svc-drift-1") for h in (30, 0.5)]
    assert after(told=told).until == START + timedelta(hours=0.5)


def test_the_budget_counts_a_declined_run_once_from_when_it_was_asked_for():
    hours = (("svc-drift-1", 60), ("svc-drift-2", 50), ("svc-drift-2", 5))
    told = [Decision(time=START - timedelta(hours=h), action="Retrain", run=run) for run, h in hours]
    assert after(told=told).until == START + timedelta(hours=7 * 24 - 60)


def test_what_time_alone_lifts_says_when():
    assert after(run(created=9, ended=0.5)).message == "less than 1h after the last run; next at 2026-03-01T12:30:00Z"


def test_the_budget_counts_runs_within_its_period():
    ruling = after(run("svc-drift-1", 100, 99), run("svc-drift-2", 50, 49))
    assert (ruling.reason, ruling.until) == (R.BUDGET_SPENT, START + timedelta(hours=7 * 24 - 100))


def test_runs_before_the_period_cost_nothing():
    assert after(run("svc-drift-1", 200, 199), run("svc-drift-2", 50, 49)).allowed


def test_deleting_a_run_gives_no_budget_back():
    told = [Decision(time=START - timedelta(hours=h), action="Retrain", run=f"svc-drift-{h}") for h in (50, 60)]
    assert after(told=told).reason == R.BUDGET_SPENT


def test_runs_in_a_row_without_a_promotion_open_the_circuit():
    runs = [run(f"svc-drift-{n}", 1000 - n, 900 - n) for n in range(3)]
    assert after(*runs).reason == R.CIRCUIT_OPEN


def test_a_new_champion_closes_the_circuit():
    runs = [run(f"svc-drift-{n}", 1000 - n, 900 - n) for n in range(3)]
    assert after(*runs, champion_since=START - timedelta(hours=10)).allowed


def test_whatever_drift_does_the_budget_holds():
    """An alarm at every hour of a month, with a champion that is always new: two runs a week, and no more."""
    runs = []
    for hour in range(24 * 30):
        at = START + timedelta(hours=hour)
        if after(*runs, champion_since=at, now=at).allowed:
            runs.append(run(f"svc-drift-{len(runs)}", -hour, -hour - 0.5))
        assert len([r for r in runs if r.head.created > at - timedelta(days=7)]) <= 2
    assert len(runs) >= 8
