"""The client: sends requests and labels, counts what failed. Nothing is sent twice, so no failure is hidden."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from examples.flights.demo import oip
from examples.flights.demo.days import Batch

AT_ONCE = 4
PATIENCE = aiohttp.ClientTimeout(total=30)


@dataclass
class Tally:
    """What was sent, what failed, and how."""

    sent: int = 0
    failed: int = 0
    errors: list[str] = field(default_factory=list)

    def fail(self, what: str, error: object) -> None:
        """Count a failure; keep the first few."""
        self.failed += 1
        if len(self.errors) < 5:  # noqa: PLR2004  # enough to see a pattern
            self.errors.append(f"{what}: {error}"[:300])


@dataclass(frozen=True)
class Answer:
    """What the endpoint said to one batch."""

    batch: Batch
    chances: list[float]
    version: str


class Endpoint:
    """One model behind a base URL; at most AT_ONCE requests are under way."""

    def __init__(self, session: aiohttp.ClientSession, url: str, model: str, tally: Tally) -> None:
        self.tally = tally
        self._session = session
        self._model = f"{url.rstrip('/')}/v2/models/{model}"
        self._free = asyncio.Semaphore(AT_ONCE)

    async def infer(self, batch: Batch) -> Answer | None:
        """Ask for a batch; None, and counted, when the answer is not a good one."""
        body, headers = oip.encode(batch.id, batch.features, {"day": str(batch.day)})
        answer = await self._post("infer", batch.id, data=body, headers=headers)
        if answer is None:
            return None
        try:
            chances = oip.late(answer, batch.id, len(batch.labels))
        except (ValueError, KeyError, TypeError) as error:
            self.tally.fail(f"infer {batch.id}", error)
            return None
        return Answer(batch, chances, str(answer.get("model_version", "")))

    async def feedback(self, batches: list[Batch]) -> bool:
        """Tell the labels of some batches at once; False, and counted, when they were not taken."""
        labels = [{"id": batch.id, "labels": batch.labels} for batch in batches]
        return await self._post("feedback", batches[0].id, json={"feedback": labels}) is not None

    async def _post(self, verb: str, batch_id: str, **content: Any) -> dict[str, Any] | None:
        async with self._free:
            self.tally.sent += 1
            try:
                async with self._session.post(f"{self._model}/{verb}", timeout=PATIENCE, **content) as answer:
                    if answer.ok:
                        found: dict[str, Any] = await answer.json()
                        return found
                    self.tally.fail(f"{verb} {batch_id}", f"{answer.status} {await answer.text()}")
            except (aiohttp.ClientError, TimeoutError, ValueError) as error:
                self.tally.fail(f"{verb} {batch_id}", str(error) or type(error).__name__)
        return None
