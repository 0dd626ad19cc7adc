"""What the real server refuses, refused here by the real models and protobufs."""

import json
from typing import Any

import kfp_server_api
from google.protobuf.json_format import ParseDict, ParseError
from kfp.kubernetes import kubernetes_executor_config_pb2 as kubernetes
from kfp.pipeline_spec import pipeline_spec_pb2

Json = dict[str, Any]


class RefusedError(Exception):
    """The server says no: an HTTP status, a code of gRPC, and why."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": message, "code": code, "message": message, "details": []}


class _Answer:
    """What the generated client reads a body from."""

    def __init__(self, body: Json) -> None:
        self.data = json.dumps(body)


def accepted(body: Json) -> Json:
    """The run that a body describes, as the models know it."""
    unknown = body.keys() - kfp_server_api.V2beta1Run.openapi_types.keys()
    if unknown or body.get("plugins_output"):
        raise RefusedError(400, 3, f"unknown or read-only field: {', '.join(sorted(unknown)) or 'plugins_output'}")
    client = kfp_server_api.ApiClient()
    run: Json = client.sanitize_for_serialization(client.deserialize(_Answer(body), "V2beta1Run"))
    if not run.get("display_name"):
        raise RefusedError(400, 3, "The run name is empty. Please specify a valid name")
    _check(run["pipeline_spec"])
    return run


def _check(spec: Json) -> None:
    try:
        ParseDict(spec["pipeline_spec"], pipeline_spec_pb2.PipelineSpec())
        ParseDict(spec["platform_spec"], pipeline_spec_pb2.PlatformSpec())
        for pod in pods(spec).values():
            ParseDict(pod, kubernetes.KubernetesExecutorConfig())
    except (ParseError, KeyError) as error:
        raise RefusedError(400, 3, f"Failed to create a new run: invalid spec: {error}") from error


def pods(spec: Json) -> Json:
    """What the platform is told about each executor's pod."""
    found: Json = spec["platform_spec"]["platforms"]["kubernetes"]["deploymentSpec"]["executors"]
    return found
