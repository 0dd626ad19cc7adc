from datetime import date

import numpy as np
import pytest

from examples.flights.demo import oip
from examples.flights.flights.data import CATEGORICAL, NUMERIC
from tests.runtime_unit.flights.conftest import SIGNATURE
from trimtab.serving.oip.protocol import parse_infer


@pytest.fixture
def batch(year):
    return next(iter(year.batches(date(2013, 3, 1))))


def test_a_request_is_read_by_the_server_as_it_was_meant(batch):
    body, headers = oip.encode(batch.id, batch.features, {"day": "2013-03-01"})
    read = parse_infer(body, int(headers[oip.HEADER_LENGTH]), SIGNATURE)
    assert (read.id, read.parameters) == (batch.id, {"day": "2013-03-01"})
    for name in NUMERIC:
        np.testing.assert_array_equal(np.ravel(read.inputs[name]), batch.features[name])
    for name in CATEGORICAL:
        texts = [x.decode() if isinstance(x, bytes) else x for x in np.ravel(read.inputs[name])]
        assert texts == batch.features[name].tolist()


def test_weather_that_is_not_known_arrives_as_nan(batch):
    body, headers = oip.encode(batch.id, batch.features, {})
    read = parse_infer(body, int(headers[oip.HEADER_LENGTH]), SIGNATURE)
    assert np.isnan(read.inputs["temp"]).sum() == batch.features["temp"].isna().sum() > 0


def answer(data, name="probabilities"):
    return {"id": "a", "outputs": [{"name": name, "data": data}]}


def test_the_chance_of_being_late_is_the_second_column():
    assert oip.late(answer([0.9, 0.1, 0.4, 0.6]), "a", 2) == [0.1, 0.6]


@pytest.mark.parametrize(
    "broken",
    [
        answer([0.9, 0.1]),
        answer([0.9, 0.1, 0.4, float("nan")]),
        answer([0.9, 0.1, 0.4, 1.6]),
        answer([0.9, 0.1, 0.4, 0.6], "label"),
        answer([0.9, 0.1, 0.4, 0.6]) | {"id": "b"},
        {},
    ],
    ids=["too few", "not a number", "no chance", "another output", "another request", "empty"],
)
def test_a_broken_answer_is_refused(broken):
    with pytest.raises(ValueError, match=r"asked|rows were sent"):
        oip.late(broken, "a", 2)
