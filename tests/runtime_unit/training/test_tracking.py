"""What is made of an MLflow server's answers: found, made, worth another attempt, or refused."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from trimtab.contract.run import RunRequest
from trimtab.errors import Refuse, Retry
from trimtab.training.record.tracking import Tracking

REQUEST = RunRequest.model_validate(
    {
        "namespace": "team",
        "trainingRun": "first",
        "uid": "u-1",
        "spec": {"model": "delay", "data": {"uri": "file:///lake", "target": "y"}, "trainer": {"entrypoint": "a:b"}},
    }
)
EXPERIMENT = {"experiment": {"experiment_id": "5"}}


class Answers(BaseHTTPRequestHandler):
    """Answers each path as the test says: a status and a body."""

    def do_GET(self):
        path = self.path.partition("?")[0].removeprefix("/api/2.0/mlflow/")
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append(path)
        self.server.shown.append(self.headers.get("Authorization"))
        status, body = self.server.answers[path]
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode() if isinstance(body, dict) else body)

    do_POST = do_GET  # noqa: N815  # the name http.server looks for

    def log_message(self, *_):
        """Tests print nothing."""


@pytest.fixture
def server():
    server = HTTPServer(("127.0.0.1", 0), Answers)
    server.answers, server.asked, server.shown = {"experiments/get-by-name": (200, EXPERIMENT)}, [], []
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def tracking(server):
    return Tracking(f"http://127.0.0.1:{server.server_port}")


def test_a_run_that_is_there_is_not_made_again(server, tracking):
    server.answers["runs/search"] = (200, {"runs": [{"info": {"run_id": "r-1"}}]})
    assert tracking.ensure_run(REQUEST) == "r-1"
    assert "runs/create" not in server.asked


def test_a_run_that_is_not_there_is_made(server, tracking):
    server.answers["runs/search"] = (200, {})
    server.answers["runs/create"] = (200, {"run": {"info": {"run_id": "r-2"}}})
    assert tracking.ensure_run(REQUEST) == "r-2"


def test_a_server_that_fails_is_worth_another_attempt(server, tracking):
    server.answers["runs/search"] = (503, b"starting")
    with pytest.raises(Retry, match="bring it back, the run tries again by itself") as failed:
        tracking.ensure_run(REQUEST)
    assert failed.value.reason == "TrackingUnavailable"


def test_an_answer_that_is_no_json_is_worth_another_attempt(server, tracking):
    server.answers["runs/search"] = (200, b"<html>a proxy</html>")
    with pytest.raises(Retry, match="does not answer"):
        tracking.ensure_run(REQUEST)


def test_what_the_server_refuses_is_told_in_its_words(server, tracking):
    server.answers["runs/search"] = (200, {})
    server.answers["runs/create"] = (400, b"no such field")
    with pytest.raises(Refuse, match=r"MLflow refused runs/create \(400\): no such field"):
        tracking.ensure_run(REQUEST)


@pytest.mark.parametrize(
    ("status", "told"),
    [(401, "MLflow refuses the credentials .401 no"), (403, "MLflow forbids it .403 no"), (429, "tried again")],
)
def test_a_server_that_lets_nobody_in_is_worth_another_attempt(server, tracking, status, told):
    server.answers["runs/search"] = (status, b"no")
    with pytest.raises(Retry, match=told):
        tracking.ensure_run(REQUEST)


def test_the_server_is_shown_the_credentials_of_the_environment(server, tracking, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "abc")
    server.answers["runs/search"] = (200, {"runs": [{"info": {"run_id": "r-1"}}]})
    tracking.ensure_run(REQUEST)
    assert server.shown == ["Bearer abc", "Bearer abc"]


def test_nobody_listening_is_worth_another_attempt():
    with pytest.raises(Retry, match="refused"):
        Tracking("http://127.0.0.1:9").ensure_run(REQUEST)


def test_an_address_that_is_none_is_refused(monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "")
    with pytest.raises(Refuse, match="set it to the http"):
        Tracking.from_environment()
