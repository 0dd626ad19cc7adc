"""What an engine cannot do for a run is refused before it starts, and never passed over in silence."""

from trimtab.api.reasons import TrainingReason
from trimtab.contract.run import RunRequest
from trimtab.errors import Refuse


def refuse_cluster_fields(request: RunRequest) -> None:
    """For an engine that has no pods.

    Raises:
        Refuse: UnsupportedByEngine, naming the field.

    """
    spec = request.spec
    fields = {
        "trainer.image": spec.trainer.image,
        "resources.memory": spec.resources.memory,
        "resources.gpu": spec.resources.gpu,
        "queueName": spec.queue_name,
    }
    asked = next((name for name, value in fields.items() if value is not None), None)
    if asked is not None:
        message = f"spec.{asked} needs pods, and the engine `local` has none: leave it out, or install `job` or `kfp`"
        raise Refuse(TrainingReason.UNSUPPORTED_BY_ENGINE, message)


def refuse_local_files(request: RunRequest) -> None:
    """For an engine whose pods see no folder of this machine.

    Raises:
        Refuse: UnsupportedByEngine, naming the field.

    """
    uri = request.spec.data.uri
    if uri.startswith("file:"):
        message = f"spec.data.uri is {uri[:160]}, which no pod can read: put the data into an object store (s3://…)"
        raise Refuse(TrainingReason.UNSUPPORTED_BY_ENGINE, message)
