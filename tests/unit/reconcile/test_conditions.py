from datetime import timedelta

from tests.support.fakes import START
from trimtab.reconcile import conditions
from trimtab.reconcile.conditions import Fact

LATER = START + timedelta(hours=1)


def said(*facts, at=START, before=(), generation=1):
    return conditions.settle(before, facts, generation, at)


def test_a_new_fact_gets_the_time_at_which_it_was_said():
    (ready,) = said(Fact("Ready", "True", "Answering"))
    assert ready.last_transition_time == START


def test_the_time_stands_while_the_status_stands():
    before = said(Fact("Ready", "False", "Deploying"))
    (ready,) = said(Fact("Ready", "False", "NotAnswering", "no"), at=LATER, before=before)
    assert (ready.reason, ready.message, ready.last_transition_time) == ("NotAnswering", "no", START)


def test_the_time_moves_when_the_status_changes():
    before = said(Fact("Ready", "False", "Deploying"))
    (ready,) = said(Fact("Ready", "True", "Answering"), at=LATER, before=before)
    assert ready.last_transition_time == LATER


def test_the_time_of_what_is_only_there_while_it_is_true_moves_with_its_reason():
    before = said(Fact("Reconciling", "True", "Running", "train"))
    (same,) = said(Fact("Reconciling", "True", "Running", "evaluate"), at=LATER, before=before)
    (retrying,) = said(Fact("Reconciling", "True", "Retrying"), at=LATER, before=before)
    assert (same.last_transition_time, retrying.last_transition_time) == (START, LATER)


def test_what_is_no_longer_said_is_gone():
    before = said(Fact("Ready", "False", "Deploying"), Fact("Reconciling", "True", "Deploying"))
    assert [c.type for c in said(Fact("Ready", "True", "Answering"), before=before)] == ["Ready"]


def test_every_fact_names_the_generation_it_speaks_of():
    before = said(Fact("Ready", "True", "Answering"))
    (ready,) = said(Fact("Ready", "True", "Answering"), before=before, generation=2)
    assert ready.observed_generation == 2


def test_long_messages_are_cut_where_the_api_server_would_refuse_them():
    (ready,) = said(Fact("Ready", "False", "DeployFailed", "x" * 1000))
    assert len(ready.message) == 300


def test_only_what_came_to_be_true_or_false_has_changed():
    before = said(Fact("A", "True", "R"), Fact("B", "False", "R"), Fact("C", "True", "R"))
    after = said(Fact("A", "True", "Other"), Fact("B", "True", "R"), Fact("C", "Unknown", "R"), Fact("D", "False", "R"))
    assert [c.type for c in conditions.changed(before, after)] == ["B", "D"]
