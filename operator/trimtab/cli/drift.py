"""`trimtab drift`: the statistics live in the runtime's environment, so its interpreter takes over, options and all."""

import os

import typer

from trimtab.sandbox.site import runtime_python

_PASS_ON = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(context_settings=_PASS_ON)(drift)


def drift(context: typer.Context) -> None:
    """Compare two tables, CSV or Parquet: what has drifted, how far, how surely. See: trimtab drift --help."""
    python = runtime_python()
    if not os.access(python, os.X_OK):
        message = f"no interpreter at {python}; make one with `make setup`, or name one that imports trimtab.compare"
        typer.secho(f"{message} in TRIMTAB_RUNTIME_PYTHON", fg="red", err=True)
        raise typer.Exit(1)
    os.execv(python, [str(python), "-m", "trimtab.compare", *context.args])  # noqa: S606  # no shell: the same process goes on there
