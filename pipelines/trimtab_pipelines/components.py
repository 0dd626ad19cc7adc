"""The steps as KFP components: each hands its files on and calls one function.

The bodies run alone, in an image that holds trimtab, so they import for themselves; nothing is installed at run time.
`workspace` is the run's folder, `store` the folder of the snapshot store.
"""
# ruff: noqa: PLC0415  # a body is cut out and run alone, so it imports what it needs

from collections.abc import Callable

from kfp import dsl

IMAGE = "trimtab-trainer:python3.11"
"""Image of every step on a cluster; the local engine runs them in its own environment."""

Component = Callable[..., dsl.PipelineTask]
component: Callable[[Callable[..., None]], Component] = dsl.component(base_image=IMAGE, install_kfp_package=False)


@component
def snapshot(workspace: str, store: str, rows: dsl.Output[dsl.Dataset]) -> None:
    """Pin the data and keep what was read."""
    from trimtab.training.steps.snapshot import snapshot as step

    rows.uri = step(workspace, store)


@component
def validate(workspace: str, rows: dsl.Input[dsl.Dataset]) -> None:
    """Refuse data that is not as expected."""
    from trimtab.training.steps.validate import validate as step

    step(workspace, rows.path)


@component
def train(workspace: str, rows: dsl.Input[dsl.Dataset], model: dsl.Output[dsl.Model]) -> None:
    """Fit, export, prove the export."""
    from trimtab.training.steps.train import train as step

    step(workspace, rows.path, model.path)


@component
def evaluate(
    workspace: str,
    rows: dsl.Input[dsl.Dataset],
    model: dsl.Input[dsl.Model],
    profile: dsl.Output[dsl.Artifact],
    metrics: dsl.Output[dsl.Metrics],
) -> None:
    """Judge on the held-out rows; measure the drift profile."""
    from trimtab.training.steps.evaluate import evaluate as step

    for name, value in step(workspace, rows.path, model.path, profile.path).items():
        metrics.log_metric(name, value)


@component
def register(workspace: str, model: dsl.Input[dsl.Model], profile: dsl.Input[dsl.Artifact]) -> None:
    """Put the judged model into the registry."""
    from trimtab.training.steps.register import register_model as step

    step(workspace, model.path, profile.path)
