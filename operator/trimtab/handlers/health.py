"""The health endpoint: /healthz while the process is well, /readyz while it leads or stands by to lead, /metrics.

Standing by is ready: of two replicas only one leads, and a rollout waits for the new one before it ends the old one.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from trimtab.handlers.metrics import Metrics


class Health:
    """What is told to whoever asks after the process."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._state = "starting"

    def starts(self) -> None:
        """It leads, but does not know yet what there is."""
        self._state = "starting"

    def stands_by(self) -> None:
        """Another operator leads."""
        self._state = "standing by"

    def leads(self) -> None:
        """It decides."""
        self._state = "leading"

    @asynccontextmanager
    async def served(self, host: str, port: int) -> AsyncIterator[str]:
        """Serve until the context ends; yields the address."""
        app = web.Application()
        app.add_routes(
            [web.get("/healthz", self._healthz), web.get("/readyz", self._readyz), web.get("/metrics", self._text)]
        )
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, host, port).start()
        try:
            yield f"http://{host}:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()

    async def _healthz(self, _: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _readyz(self, _: web.Request) -> web.Response:
        return web.Response(text=f"{self._state}\n", status=503 if self._state == "starting" else 200)

    async def _text(self, _: web.Request) -> web.Response:
        return web.Response(body=self._metrics.text(), headers={"Content-Type": "text/plain; version=0.0.4"})
