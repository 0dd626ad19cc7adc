"""What the settings make of the outside."""

import pytest

from trimtab.errors import Refuse
from trimtab.handlers import engines
from trimtab.handlers.settings import Settings

SANDBOX = {
    "MLFLOW_TRACKING_URI": "http://mlflow:5000",
    "TRIMTAB_RUNTIME_PYTHON": "/usr/bin/python3",
    "TRIMTAB_RAY_DASHBOARD": "http://ray:8265",
    "TRIMTAB_SERVE_URL": "http://ray:8000",
    "TRIMTAB_SERVE_PORT": "8000",
}
JOBS = {**SANDBOX, "TRIMTAB_PIPELINES": "job", "TRIMTAB_TRAINER_IMAGE": "trainer", "TRIMTAB_STORE": "s3://models"}


def world(told):
    return engines.world(Settings(told), None, None)


async def test_a_file_of_this_machine_is_read_where_everything_runs_on_it(tmp_path):
    (tmp_path / "model").touch()
    assert await world(SANDBOX).artifacts.digest((tmp_path / "model").as_uri())


async def test_a_file_of_this_machine_is_refused_where_pods_would_have_to_read_it(tmp_path):
    (tmp_path / "model").touch()
    with pytest.raises(Refuse, match="no pod can read"):
        await world(JOBS).artifacts.digest((tmp_path / "model").as_uri())
