"""What the operator is told by its environment."""

import pytest

from trimtab.handlers.settings import Settings


def test_an_address_of_mlflow_that_holds_credentials_is_refused_and_not_repeated():
    with pytest.raises(SystemExit, match="MLFLOW_TRACKING_USERNAME") as refused:
        _ = Settings({"MLFLOW_TRACKING_URI": "https://trimtab:geheim@mlflow.example.com"}).tracking_uri
    assert "geheim" not in str(refused.value)


def test_what_runs_on_this_machine_is_told_how_to_reach_mlflow_and_with_what_credentials():
    told = {"MLFLOW_TRACKING_URI": "http://mlflow:5000", "MLFLOW_TRACKING_TOKEN": "abc"}
    assert Settings({**told, "TRIMTAB_STORE": "s3://models"}).tracking == told
