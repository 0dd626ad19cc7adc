"""Real runs against a real MLflow server: what is needed to start one and to see how it ended."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support import servers
from tests.support.rows import write as write_rows
from tests.support.waiting import until_async
from trimtab.adapters.pipelines.local import LocalPipelines
from trimtab.contract.run import RunRequest, RunState
from trimtab.keys import RunKey

USER_CODE = Path(__file__).parent / "usercode"
PATIENCE = 100.0  # seconds a run may take on a busy machine


@dataclass(frozen=True)
class Runs:
    """Starts runs and waits for them."""

    engine: LocalPipelines
    data: Path

    def request(self, name: str, *, function: str = "sound", features=("delay", "carrier"), **changes) -> RunRequest:
        """A request named after the test; `uid` is shared by attempts, `changes` go into the spec."""
        data = {"uri": changes.get("data", self.data).as_uri(), "target": "late", "holdout": {"by": "Random"}}
        data |= changes.get("reading", {})
        trainer = {
            "entrypoint": f"lessons:{function}",
            "source": {"path": str(USER_CODE)},
            "hyperparameters": changes.get("hyperparameters", {}),
            "seed": 7,
        }
        gates = changes.get("gates", [])
        spec = {"model": name, "data": {**data, "features": list(features)}, "trainer": trainer, "gates": gates}
        names = {"namespace": "team", "trainingRun": name, "uid": f"uid-of-{name}"}
        return RunRequest.model_validate({**names, "spec": spec, "champion": changes.get("champion")})

    async def end_of(self, request: RunRequest, attempt: int = 0) -> RunState:
        """Start the run and wait until it is over."""
        key = key_of(request, attempt)
        await self.engine.start(key, request)
        return await self.over(key)

    async def over(self, key: RunKey) -> RunState:
        """The state the run ended in."""

        async def ended() -> RunState | None:
            state = await self.engine.find(key)
            return state if state and state.phase != "Running" else None

        return await until_async(ended, "the run ends", PATIENCE)


def key_of(request: RunRequest, attempt: int = 0) -> RunKey:
    return RunKey(request.namespace, f"{request.training_run}-{attempt}")


@pytest.fixture(name="key_of")
def _key_of():
    return key_of


@pytest.fixture(scope="session")
def mlflow_url(tmp_path_factory):
    with servers.mlflow(Path(sys.executable), tmp_path_factory.mktemp("mlflow")) as url:
        yield url


@pytest.fixture(scope="session")
def rows(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rows")
    write_rows(folder)
    return folder


@pytest.fixture(scope="session")
def engine_for(tmp_path_factory) -> Callable[[str], LocalPipelines]:
    """Makes an engine whose runs report to the MLflow server at an address."""

    def make(url: str) -> LocalPipelines:
        environment = {"MLFLOW_TRACKING_URI": url, "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false"}
        return LocalPipelines(Path(sys.executable), tmp_path_factory.mktemp("state"), environment)

    return make


@pytest.fixture(scope="session")
def runs_by(rows) -> Callable[[LocalPipelines], Runs]:
    return lambda engine: Runs(engine, rows)


@pytest.fixture(scope="session")
def runs(engine_for, mlflow_url, runs_by) -> Runs:
    return runs_by(engine_for(mlflow_url))


@pytest.fixture(scope="session")
def runs_without_mlflow(engine_for, runs_by) -> Runs:
    return runs_by(engine_for(f"http://127.0.0.1:{servers.free_port()}"))


@pytest.fixture
def client(mlflow_url, monkeypatch):
    """MLflow as a reader sees it who trusts no pickle."""
    import mlflow  # noqa: PLC0415  # seconds; the tests that compile need none of it

    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    mlflow.set_tracking_uri(mlflow_url)
    return mlflow.MlflowClient()
