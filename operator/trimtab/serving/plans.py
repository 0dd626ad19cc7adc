"""A plan as it comes from Serve."""

import logging
from typing import Any

from pydantic import ValidationError

from trimtab.contract.serving import ServingPlan

_log = logging.getLogger(__name__)


def read_plan(user_config: dict[str, Any]) -> ServingPlan | None:
    """Read a plan; None for one of another release, as a replica that raised here would be ended with its version."""
    try:
        return ServingPlan.model_validate(user_config)
    except ValidationError as error:
        _log.error("the plan cannot be read and the one before stays: %s", error)  # the message says it all
        return None
