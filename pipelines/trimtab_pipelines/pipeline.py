"""snapshot → validate → train → evaluate → register.

No step is ever cached: the same arguments on new data are a new training.
"""

from kfp import dsl

from trimtab_pipelines import components


@dsl.pipeline(name="trimtab-train", description="Train, judge and register one version of a model.")  # type: ignore[untyped-decorator]  # kfp
def train(request: str, state: str, store: str) -> None:
    """Run the five steps in order; the arguments are those of `components`."""
    run = {"request": request, "state": state}
    pinned = components.snapshot(**run, store=store)
    checked = components.validate(**run, rows=pinned.output)
    fitted = components.train(**run, rows=pinned.output).after(checked)
    judged = components.evaluate(**run, rows=pinned.output, model=fitted.outputs["model"])
    registered = components.register(
        **run, store=store, model=fitted.outputs["model"], profile=judged.outputs["profile"]
    )
    for task in (pinned, checked, fitted, judged, registered):
        task.set_caching_options(enable_caching=False)
