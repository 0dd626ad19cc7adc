"""Plans for the serving plane, as the operator would render them; nothing is loaded from where they point."""

from tests.support.objects import DIGEST, signature
from trimtab.api.inferenceservice import Monitoring, Promotion, Replicas, Shadow
from trimtab.api.modelversion import Artifact
from trimtab.contract.serving import ServingPlan, VersionRef


def version(number: str) -> VersionRef:
    return VersionRef(
        model_version=f"late-{number}",
        version=number,
        artifact=Artifact(uri=f"s3://models/late/{number}.onnx", digest=DIGEST),
        signature=signature(),
    )


def plan(number: str = "1.0.0", namespace: str = "ns", name: str = "svc", **changes) -> ServingPlan:
    settings = {
        "champion": version(number),
        "replicas": Replicas(),
        "shadow": Shadow(),
        "promotion": Promotion(),
        "monitoring": Monitoring(),
    }
    return ServingPlan(namespace=namespace, name=name, model="late", **{**settings, **changes})
