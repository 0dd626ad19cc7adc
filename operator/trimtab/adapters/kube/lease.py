"""Leadership by a Lease: one operator leads, others stand by, and one that lost its lease must end.

The holder is told apart by identity. An identity is stable over a restart, so an operator that was killed goes on at
once; another one waits until the lease was not renewed for its whole duration, by its own clock. A renewal counts from
before it was asked for, and no attempt outlasts the two thirds of the duration after which the holder ends.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from trimtab.adapters.kube.api import ConflictError, KubeApi, NotFoundError
from trimtab.errors import Refuse, Retry

logger = logging.getLogger(__name__)
_API = "coordination.k8s.io/v1"


class LeaseLostError(Exception):
    """Another operator may lead by now."""


class Lease:
    """The lease of one installation. `duration` in seconds."""

    def __init__(self, api: KubeApi, namespace: str, name: str, identity: str, duration: float = 15.0) -> None:
        self._api = api
        self._all = f"/apis/{_API}/namespaces/{namespace}/leases"
        self._one = f"{self._all}/{name}"
        self._meta = {"namespace": namespace, "name": name}
        self._identity = identity
        self._duration = duration
        self._seen: tuple[str, float] = ("", 0.0)  # the holder's last sign, and when we saw it by our own clock
        self._renewed = 0.0  # when we asked for what we hold now

    async def acquire(self, stands_by: Callable[[], None] = lambda: None) -> None:
        """Wait until we lead; tells once that it has to wait."""
        said = False
        while not await self._try():
            if not said:
                logger.info("another operator leads; standing by")
                stands_by()
                said = True
            await asyncio.sleep(self._duration / 5)

    async def keep(self) -> None:
        """Renew until it fails for too long; to be begun as soon as the lease is ours.

        Raises:
            LeaseLostError: another operator may lead by now.

        """
        kept = True
        while True:
            await asyncio.sleep(self._pause() if kept else self._duration / 15)
            kept = await self._renew()

    def _pause(self) -> float:
        return max(0.0, self._renewed + self._duration / 3 - asyncio.get_running_loop().time())

    async def _renew(self) -> bool:
        """Renew once, or be sure that there is time to try again."""
        ends = self._renewed + self._duration * 2 / 3
        try:
            async with asyncio.timeout_at(ends):
                if await self._try():
                    return True
                raise LeaseLostError("another operator holds the lease, or changed it")
        except (Retry, Refuse, TimeoutError) as error:
            logger.warning("the lease was not renewed: %s", str(error) or "no answer in time")
        late = asyncio.get_running_loop().time() - self._renewed
        if late >= self._duration * 2 / 3:
            raise LeaseLostError(f"the lease was not renewed for {late:.0f} s")
        return False

    async def release(self) -> None:
        """Let another operator lead at once."""
        found = await self._api.call("GET", self._one)
        if found["spec"].get("holderIdentity") == self._identity:
            await self._write("PUT", self._one, {**found, "spec": {**found["spec"], "holderIdentity": ""}})

    async def _try(self) -> bool:
        """Take or renew the lease if it is ours, free or expired."""
        asked = asyncio.get_running_loop().time()
        held = await self._hold(datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"))
        if held:
            self._renewed = asked
        return held

    async def _hold(self, now: str) -> bool:
        try:
            found = await self._api.call("GET", self._one)
        except NotFoundError:
            return await self._write("POST", self._all, self._wanted(now, {}, {}))
        if not self._free(found):
            return False
        return await self._write("PUT", self._one, self._wanted(now, found["metadata"], found["spec"]))

    def _free(self, found: dict[str, Any]) -> bool:
        spec = found["spec"]
        if spec.get("holderIdentity") in (None, "", self._identity):
            return True
        clock = asyncio.get_running_loop().time()
        sign = f"{spec['holderIdentity']} {spec.get('renewTime')}"
        if sign != self._seen[0]:
            self._seen = (sign, clock)
        return bool(clock - self._seen[1] > spec.get("leaseDurationSeconds", self._duration))

    def _wanted(self, now: str, meta: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
        ours = spec.get("holderIdentity") == self._identity
        return {
            "apiVersion": _API,
            "kind": "Lease",
            "metadata": {**self._meta, **meta},
            "spec": {
                "holderIdentity": self._identity,
                "leaseDurationSeconds": max(1, round(self._duration)),
                "acquireTime": spec.get("acquireTime", now) if ours else now,
                "renewTime": now,
                "leaseTransitions": spec.get("leaseTransitions", 0) + (0 if ours else 1),
            },
        }

    async def _write(self, method: str, place: str, body: dict[str, Any]) -> bool:
        try:
            await self._api.call(method, place, body=body)
        except ConflictError:
            return False
        return True
