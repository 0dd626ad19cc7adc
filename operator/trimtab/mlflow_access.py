"""How we show MLflow who we are: what its own client reads from the environment, for those calls that do without it.

MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN. An address holds no credentials: it
stands in conditions, in logs and in the pods of a training.
"""

import base64
from collections.abc import Mapping
from http import HTTPStatus

USERNAME, PASSWORD, TOKEN = VARIABLES = (
    "MLFLOW_TRACKING_USERNAME",
    "MLFLOW_TRACKING_PASSWORD",
    "MLFLOW_TRACKING_TOKEN",
)
PASSING = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS)
"""Refusals that say nothing of what was asked: they end when an administrator, or time, puts them right."""


def authorization(environment: Mapping[str, str]) -> dict[str, str]:
    """The header that shows who we are; none where the environment does not say."""
    name, password, token = (environment.get(variable, "") for variable in VARIABLES)
    if name and password:
        return {"Authorization": f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"}
    return {"Authorization": f"Bearer {token}"} if token else {}


def passing(status: int, said: str) -> str:
    """What is wrong, and what to do, where MLflow refuses for the time being."""
    told = f"{status} {said}".strip()
    if status == HTTPStatus.UNAUTHORIZED:
        return f"MLflow refuses the credentials ({told}): put {USERNAME} and {PASSWORD}, or {TOKEN}, right"
    if status == HTTPStatus.FORBIDDEN:
        return (
            f"MLflow forbids it ({told}): give the credentials the right, or allow the server to be asked by this name"
        )
    return f"MLflow is asked too much ({told}): it is tried again"
