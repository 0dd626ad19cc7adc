"""The command `trimtab`."""

import typer

from trimtab.cli import drift, sandbox

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
sandbox.register(app)
drift.register(app)


@app.callback()
def main() -> None:
    """Keeps a model on course. These commands run the whole stack on one machine, and compare tables."""


__all__ = ["app"]
