"""What an installation says about the pods of a training, whichever engine makes them."""

from dataclasses import dataclass

from trimtab.pools import PoolTable


@dataclass(frozen=True)
class TrainingPods:
    """The same for every run."""

    image: str
    """Trainer image; a run may name one of its own, made FROM it."""
    store: str
    """Address of the store of snapshots and models."""
    tracking_uri: str
    """MLflow, as pods reach it."""
    pools: PoolTable
    pull_policy: str = "IfNotPresent"
    pull_secret: str = ""
    storage_secret: str = ""
    """Secret in the run's namespace whose keys are the environment that reads and writes the store (AWS_…)."""
    tracking_secret: str = ""
    """Secret in the run's namespace whose keys are MLflow's credentials (MLFLOW_TRACKING_…)."""
    service_account: str = ""
    """Account of the pods, where the engine cannot do without one."""
