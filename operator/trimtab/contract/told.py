"""How far a run is, as tags of its MLflow run: what pods tell when no disk is shared with the operator.

    trimtab.dev/run-uid                  uid of the TrainingRun: all its attempts share one MLflow run
    trimtab.dev/state/<pipeline run>     how many parts the state has
    trimtab.dev/state/<pipeline run>/0   the parts: RunState as JSON, cut to what a tag may hold

One request writes all of them, and MLflow keeps them in one transaction. Tags need nothing but MLflow's REST API, where
an artifact would need the credentials of its store.
"""

from collections.abc import Mapping

from pydantic import ValidationError

from trimtab.contract.run import RunState

RUN_TAG = "trimtab.dev/run-uid"
_ADDRESS = "mlflow:"
_PART = 5000  # characters; MLflow's limit is 8000


def experiment(namespace: str, model: str) -> str:
    """Name of the MLflow experiment of a model."""
    return f"{namespace}/{model}"


def registered_model(namespace: str, model: str) -> str:
    """Name of a model in the registry, where no two namespaces share a champion; a namespace has no dot in it."""
    return f"{namespace}.{model}"


def address(run: str) -> str:
    """Where a pipeline run in pods keeps its state, as its steps are told; any other address is a folder."""
    return f"{_ADDRESS}{run}"


def run_at(place: str) -> str | None:
    """The pipeline run whose state is kept at an address; None for a folder."""
    return place.removeprefix(_ADDRESS) if place.startswith(_ADDRESS) else None


def tag(run: str) -> str:
    """Name of the tag that is there once the pipeline run has told anything."""
    return f"trimtab.dev/state/{run}"


def to_tags(run: str, state: RunState) -> dict[str, str]:
    """The tags that tell the state of a pipeline run."""
    text = state.model_dump_json(by_alias=True, exclude_none=True)
    parts = [text[at : at + _PART] for at in range(0, len(text), _PART)]
    return {tag(run): str(len(parts))} | {f"{tag(run)}/{number}": part for number, part in enumerate(parts)}


def from_tags(run: str, tags: Mapping[str, str]) -> RunState | None:
    """The state that the tags tell; None when they tell none."""
    count = tags.get(tag(run), "")
    if not count.isdecimal():
        return None
    parts = [tags.get(f"{tag(run)}/{number}") for number in range(int(count))]
    try:
        return RunState.model_validate_json("".join(part for part in parts if part is not None)) if all(parts) else None
    except ValidationError:
        return None
