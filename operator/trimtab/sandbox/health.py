"""Asking a part whether it is well."""

import asyncio
import ssl
from collections.abc import Iterable
from http import HTTPStatus

import aiohttp

from trimtab.sandbox.part import Probe


async def healthy(probes: Iterable[Probe]) -> bool:
    """Whether every probe is."""
    return all(await asyncio.gather(*map(_answers, probes)))


async def _answers(probe: Probe, patience: float = 2.0) -> bool:
    """Whether the probe's address answers 200 within `patience` seconds."""
    headers = {"Authorization": f"Bearer {probe.token_file.read_text().strip()}"} if probe.token_file else {}
    trust = ssl.create_default_context(cafile=str(probe.authority)) if probe.authority else True
    timeout = aiohttp.ClientTimeout(total=patience)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, headers=headers) as session,
            session.get(probe.url, ssl=trust) as answer,
        ):
            return answer.status == HTTPStatus.OK
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False
