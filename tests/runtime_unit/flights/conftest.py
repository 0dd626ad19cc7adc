"""A small world to replay: a few days of rows, an endpoint that notes what it is told, an API server that says it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from examples.flights.demo.days import Year
from examples.flights.demo.settings import MODEL, Settings
from examples.flights.flights.data import CATEGORICAL, FEATURES, NUMERIC, TARGET, TIME
from trimtab.api.modelversion import Signature, Tensor
from trimtab.serving.oip.protocol import parse_infer

SIGNATURE = Signature(
    inputs=[Tensor(name=name, datatype="BYTES" if name in CATEGORICAL else "FP32", shape=[-1, 1]) for name in FEATURES],
    outputs=[Tensor(name="probabilities", datatype="FP32", shape=[-1, 2])],
)


def rows(first: str, days: int, a_day: int = 12) -> pd.DataFrame:
    """Rows of some days, in three scheduled hours each; lateness is a coin, the weather sometimes unknown."""
    chance = np.random.default_rng(3)
    size = days * a_day
    times = np.repeat(pd.date_range(first, periods=days), a_day) + pd.to_timedelta(np.tile([6, 12, 18], size // 3), "h")
    frame = pd.DataFrame({TIME: times, TARGET: chance.integers(0, 2, size)})
    for name in NUMERIC:
        frame[name] = chance.normal(size=size).astype("float32")
    frame["hour"] = times.hour.astype("float32")
    frame.loc[::5, "temp"] = np.nan
    for name in CATEGORICAL:
        frame[name] = chance.choice(["EWR", "JFK", "LGA"], size)
    return frame.sort_values(TIME, kind="stable")[[TIME, *FEATURES, TARGET]].reset_index(drop=True)


@pytest.fixture
def year() -> Year:
    """From 27 February to 5 March."""
    return Year(rows("2013-02-27", 7))


@dataclass(frozen=True)
class FourDays(Settings):
    """Settings of a replay of 1 to 4 March that takes no time."""

    @property
    def last(self) -> date:
        return date(2013, 3, 4)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return FourDays(pace=0.0, folder=tmp_path)


@dataclass
class FakeEndpoint:
    """An OIP endpoint of one model; notes the order of what it is told, and the data folder at that time."""

    data: Path
    told: list[tuple[str, str]] = field(default_factory=list)
    landed: list[tuple[str, list[str]]] = field(default_factory=list)
    broken: bool = False

    async def infer(self, request: web.Request) -> web.Response:
        length = int(request.headers["Inference-Header-Content-Length"])
        asked = parse_infer(await request.read(), length, SIGNATURE)
        day = asked.parameters["day"]
        self.told.append(("infer", day))
        self.landed.append((day, sorted(path.stem for path in self.data.glob("*"))))
        if self.broken:
            return web.json_response({"error": "the model failed"}, status=500)
        chances = [x for _ in range(asked.rows) for x in (0.75, 0.25)]
        outputs = [{"name": "probabilities", "datatype": "FP32", "shape": [asked.rows, 2], "data": chances}]
        return web.json_response({"id": asked.id, "model_name": MODEL, "model_version": "1.0.0", "outputs": outputs})

    async def feedback(self, request: web.Request) -> web.Response:
        told = await request.json()
        self.told += [("feedback", day) for day in sorted({entry["id"][:10] for entry in told["feedback"]})]
        return web.json_response({"accepted": len(told["feedback"])})


@pytest.fixture
def fake(settings: Settings) -> FakeEndpoint:
    return FakeEndpoint(settings.data)


@pytest.fixture
async def url(fake: FakeEndpoint) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post(f"/v2/models/{MODEL}/infer", fake.infer)
    app.router.add_post(f"/v2/models/{MODEL}/feedback", fake.feedback)
    async with TestServer(app) as server:
        yield str(server.make_url(""))
