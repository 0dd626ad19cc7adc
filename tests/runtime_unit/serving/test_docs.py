"""What docs/use.md tells clients to send is read, and what it shows of the status are fields there are."""

import json
import re
from dataclasses import asdict
from pathlib import Path

import yaml

from trimtab.api.inferenceservice import Monitoring
from trimtab.api.modelversion import Signature, Tensor
from trimtab.api.monitoring import DriftState
from trimtab.serving.oip.feedback import Receipt, parse_feedback
from trimtab.serving.oip.protocol import parse_infer
from trimtab.serving.window import window_of

PAGE = (Path(__file__).parents[3] / "docs" / "use.md").read_text()
ASKED, TOLD = (json.loads(body) for body in re.findall(r"--json '(.*?)'\n", PAGE, flags=re.DOTALL))
SETTINGS, STATUS = (yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL))


def test_the_request_fits_a_model_and_names_its_window():
    inputs = [Tensor(name=each["name"], datatype=each["datatype"], shape=[-1, 1]) for each in ASKED["inputs"]]
    outputs = [Tensor(name="label", datatype="INT64", shape=[-1])]
    request = parse_infer(json.dumps(ASKED).encode(), None, Signature(inputs=inputs, outputs=outputs))
    assert request.rows == 2
    assert window_of(Monitoring(window={"parameter": "day"}).window, request.parameters, 0.0) == "2026-11-26"


def test_the_labels_are_read_and_the_answer_has_those_counts():
    first = parse_feedback(json.dumps(TOLD).encode())[0]
    assert (first.request, len(first.labels)) == (ASKED["id"], 2)
    answer = json.loads(re.search(r"^\{\"accepted.*\}$", PAGE, flags=re.MULTILINE).group())
    assert answer == asdict(Receipt(accepted=1, unknown=1))


def test_the_settings_and_the_status_are_as_the_api_has_them():
    assert Monitoring.model_validate(SETTINGS["monitoring"]).concept.label_delay == "30d"
    shown = STATUS["status"]["drift"]
    assert DriftState.model_validate(shown).wire() == shown
