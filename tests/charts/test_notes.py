"""What Helm prints after an installation."""

import pytest

from tests.support.helm import CHARTS, written

NEEDED = {"mlflow": {"uri": "http://mlflow:5000"}, "storage": {"uri": "s3://models/trimtab", "secret": "keys"}}
MISSING = "No namespace but trimtab-system has NetworkPolicies"


@pytest.fixture
def notes(helm, tmp_path):
    """The notes for some more values."""

    def shown(**values):
        flags = ("--namespace=trimtab-system", f"--values={written(tmp_path / 'values.yaml', NEEDED | values)}")
        return helm("install", "trimtab", CHARTS / "trimtab", "--dry-run=client", *flags).stdout.split("NOTES:")[1]

    return shown


def test_the_secret_that_every_namespace_needs_is_named(notes):
    assert "The Secret keys has to be in each namespace" in notes()


def test_an_installation_for_the_whole_cluster_is_told_where_policies_are_missing(notes):
    assert MISSING in notes()


@pytest.mark.parametrize(
    "values",
    [
        {"watch": {"namespaces": ["flights"]}},
        {"networkPolicies": {"namespaces": ["flights"]}},
        {"networkPolicies": {"enabled": False}},
    ],
    ids=["watched", "listed", "without"],
)
def test_one_whose_policies_are_where_they_belong_is_not(notes, values):
    assert MISSING not in notes(**values)
