"""The steps as KFP components: each hands its files on and calls one function.

The bodies run alone, in an image that holds trimtab, so they import for themselves; nothing is installed at run time.
`request` is what was asked (RunRequest as JSON), `state` the address where the run tells how far it is, `store` that of
snapshots and models. The rows go from step to step by their address in the store: they are content-addressed there, and
every engine's pods can read it, which is not true of every place that an engine keeps its own artifacts in.
"""
# ruff: noqa: PLC0415  # a body is cut out and run alone, so it imports what it needs

from collections.abc import Callable

from kfp import dsl

IMAGE = "trimtab-trainer:python3.11"
"""Image of every step on a cluster; an engine puts its own there, the local engine has its environment."""

Component = Callable[..., dsl.PipelineTask]
component: Callable[[Callable[..., object]], Component] = dsl.component(base_image=IMAGE, install_kfp_package=False)


@component
def snapshot(request: str, state: str, store: str) -> str:
    """Pin the data and keep what was read."""
    from trimtab.training.steps.snapshot import snapshot as step

    return step(request, state, store)


@component
def validate(request: str, state: str, rows: str) -> None:
    """Refuse data that is not as expected."""
    from trimtab.training.steps.validate import validate as step

    step(request, state, rows)


@component
def train(request: str, state: str, rows: str, model: dsl.Output[dsl.Model]) -> None:
    """Fit, export, prove the export."""
    from trimtab.training.steps.train import train as step

    step(request, state, rows, model.path)


@component
def evaluate(
    request: str,
    state: str,
    rows: str,
    model: dsl.Input[dsl.Model],
    profile: dsl.Output[dsl.Artifact],
    metrics: dsl.Output[dsl.Metrics],
) -> None:
    """Judge on rows that were not learnt; measure the drift profile."""
    from trimtab.training.steps.evaluate import evaluate as step

    for name, value in step(request, state, rows, model.path, profile.path).items():
        metrics.log_metric(name, value)


@component
def register(
    request: str, state: str, store: str, model: dsl.Input[dsl.Model], profile: dsl.Input[dsl.Artifact]
) -> None:
    """Put the model into the registry."""
    from trimtab.training.steps.register import register_model as step

    step(request, state, store, model.path, profile.path)
