"""Values of what the loop stands on: pipelines, serving, MLflow, storage."""

from typing import Literal

from pydantic import Field

from trimtab.deploy.values.base import HttpUrl, Image, Name, Part, Port, StoreUrl


class Kfp(Part):
    """A Kubeflow Pipelines server."""

    url: HttpUrl = Field(default="", description="Its API, e.g. http://ml-pipeline.kubeflow.svc:8888; engine kfp only.")
    service_account: Name = Field(default="", description="Service account of its pods; empty: the server's default.")


class Pipelines(Part):
    """What trains."""

    engine: Literal["job", "kfp"] = Field(
        default="job",
        description="job: one Kubernetes Job for each TrainingRun; kfp: runs on a Kubeflow Pipelines server.",
    )
    image: Image = Field(
        default=Image(repository="trimtab/trainer"),
        description="The trainer's image, for a TrainingRun that names none in spec.trainer.image.",
    )
    kfp: Kfp = Field(default=Kfp(), description="The Kubeflow Pipelines server.")


class Ray(Part):
    """A Ray cluster that is there already."""

    dashboard: HttpUrl = Field(default="", description="Its dashboard, e.g. http://ray-head.ray.svc:8265.")
    url: HttpUrl = Field(default="", description="Where clients reach Serve, e.g. http://ray-head.ray.svc:8000.")
    port: Port = Field(default=8000, description="Port that Serve listens on.")
    token_secret: Name = Field(
        default="", description="Secret in the release's namespace with Ray's token under auth_token; empty: no token."
    )


class Serving(Part):
    """What serves."""

    engine: Literal["kuberay", "ray"] = Field(
        default="kuberay",
        description="kuberay: one RayService for each InferenceService; ray: applications on one Ray cluster.",
    )
    image: Image = Field(
        default=Image(repository="trimtab/serving"),
        description="Image of Ray's heads and workers; engine kuberay only.",
    )
    routes: bool = Field(
        default=False,
        description=(
            "Create an HTTPRoute where an InferenceService asks for one; needs engine kuberay, the Gateway API, and "
            "the gateway's pods in networkPolicies.clients."
        ),
    )
    ray: Ray = Field(default=Ray(), description="The Ray cluster; engine ray only.")


class Mlflow(Part):
    """The model registry."""

    uri: HttpUrl = Field(
        default="",
        description=(
            "Required: address of the MLflow server, e.g. http://mlflow.mlflow.svc:5000; it must not hold credentials."
        ),
    )
    secret: Name = Field(
        default="",
        description=(
            "Secret with MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN, as "
            "environment variables; empty: MLflow asks for none. Only its name is given here; it has to be in the "
            "release's namespace and in each namespace that trains."
        ),
    )


class Storage(Part):
    """Where snapshots, profiles and artifacts lie."""

    uri: StoreUrl = Field(
        default="",
        description="Folder for snapshots, models and profiles, e.g. s3://models/trimtab; required.",
    )
    secret: Name = Field(
        default="",
        description=(
            "Secret with AWS_REGION, AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY …, as environment "
            "variables. Only its name is given here; it has to be in the release's namespace and in each namespace "
            "that trains or serves."
        ),
    )
