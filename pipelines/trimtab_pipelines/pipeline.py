"""snapshot → validate → train → evaluate → register.

No step is ever cached: the same arguments on new data are a new training.
"""

from kfp import dsl

from trimtab_pipelines import components


@dsl.pipeline(name="trimtab-train", description="Train, judge and register one version of a model.")  # type: ignore[untyped-decorator]  # kfp
def train(workspace: str, store: str) -> None:
    """Run the five steps in order; `workspace` is the run's folder, `store` that of the snapshots."""
    pinned = components.snapshot(workspace=workspace, store=store)
    checked = components.validate(workspace=workspace, rows=pinned.outputs["rows"])
    fitted = components.train(workspace=workspace, rows=pinned.outputs["rows"]).after(checked)
    judged = components.evaluate(workspace=workspace, rows=pinned.outputs["rows"], model=fitted.outputs["model"])
    registered = components.register(
        workspace=workspace, model=fitted.outputs["model"], profile=judged.outputs["profile"]
    )
    for task in (pinned, checked, fitted, judged, registered):
        task.set_caching_options(enable_caching=False)
