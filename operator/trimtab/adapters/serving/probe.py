"""The probe of an endpoint: its own word on which versions it has loaded, and what its monitor knows.

Each look is a connection of its own: one that is kept stays with the Ray cluster that served when it was made, and
would go on telling of it after the clients have moved to the next.
"""

import aiohttp
from pydantic import ValidationError

from trimtab.contract.serving import MonitorReport

_LOOK = aiohttp.ClientTimeout(total=3)
_ONCE = {"Connection": "close"}


async def ask(session: aiohttp.ClientSession, url: str) -> MonitorReport | None:
    """Ask the endpoint at `url`; None while it does not answer, or not in our words."""
    try:
        async with session.get(f"{url}/monitor", timeout=_LOOK, headers=_ONCE) as response:
            return MonitorReport.model_validate_json(await response.read()) if response.ok else None
    except (aiohttp.ClientError, TimeoutError, ValidationError):
        return None
