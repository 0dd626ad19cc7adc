"""The operator's few requests to MLflow, held to the real server."""

import pytest

from trimtab.adapters.mlflow.registry import MlflowRegistry
from trimtab.errors import Refuse


@pytest.fixture
def registry(mlflow_url):
    return MlflowRegistry(mlflow_url)


@pytest.fixture
def model(client, request):
    """A registered model with two versions that point nowhere."""
    name = request.node.name.replace("_", "-")[:40]
    client.create_registered_model(name)
    for _ in range(2):
        client.create_model_version(name, "s3://nowhere/model")
    return name


async def test_a_label_is_a_tag_of_the_version(registry, client, model):
    await registry.label(model, 1, {"trimtab.dev/version": "1.0.0"})
    await registry.label(model, 1, {"trimtab.dev/version": "1.0.1"})
    assert client.get_model_version(model, "1").tags["trimtab.dev/version"] == "1.0.1"


async def test_an_alias_moves_and_a_version_number_is_taken_with_dashes(registry, client, model):
    await registry.alias(model, "champion", 1)
    await registry.alias(model, "champion", 2)
    await registry.alias(model, "v1.4.2", 2)
    assert client.get_model_version_by_alias(model, "champion").version == "2"
    assert client.get_model_version_by_alias(model, "v1-4-2").version == "2"


async def test_an_alias_that_moved_on_is_left_alone(registry, client, model):
    await registry.alias(model, "shadow", 2)
    await registry.unalias(model, "shadow", 1)
    assert client.get_model_version_by_alias(model, "shadow").version == "2"
    await registry.unalias(model, "shadow", 2)
    await registry.unalias(model, "shadow", 2)
    assert client.get_model_version(model, "2").aliases == []


async def test_a_version_mlflow_does_not_know_is_refused(registry):
    with pytest.raises(Refuse, match="not found"):
        await registry.alias("nobody", "champion", 1)
