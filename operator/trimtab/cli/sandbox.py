"""`trimtab up`, `down`, `status` and `env`: thin; what they mean is said in `trimtab.sandbox`."""

import asyncio
import json
import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from trimtab.sandbox import display
from trimtab.sandbox.build import build
from trimtab.sandbox.errors import SandboxError
from trimtab.sandbox.parts.operator import shell_environment
from trimtab.sandbox.plan import select
from trimtab.sandbox.programs import given
from trimtab.sandbox.site import Cluster, Site
from trimtab.sandbox.stack import Stack, items

State = Annotated[Path, typer.Option(help="The sandbox's folder.", envvar="TRIMTAB_STATE")]
Only = Annotated[str, typer.Option(help="Some parts only, e.g. controlplane,mlflow.", metavar="PARTS")]
DEFAULT = Path(".trimtab")
_WITH_PAGES = {"mlflow", "ray"}  # parts a person opens in a browser


class Format(StrEnum):
    """How `status` speaks."""

    TABLE = "table"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (up, down, status, env):
        app.command()(command)


def up(
    state: State = DEFAULT,
    only: Only = "",
    kubeconfig: Annotated[Path | None, typer.Option(help="Use this cluster instead of starting one.")] = None,
) -> None:
    """Start the stack; what already runs is left alone."""
    console = Console(stderr=True)
    with _plainly():
        stack = Stack.at(state)
        site = stack.prepare(asyncio.run(_cluster(kubeconfig, console)))
        names = _names(only)
        chosen = select(items(site), names)
        with display.starting(console, chosen) as report:
            asyncio.run(stack.up(site, report, names))
    console.print(_what_next(state, site, {item.name for item in chosen}), highlight=False, soft_wrap=True)


def down(state: State = DEFAULT, only: Only = "") -> None:
    """Stop the stack; nothing is left running. What was stored stays."""
    with _plainly():
        stack = Stack.at(state)
        site = stack.site()
        stopped = asyncio.run(stack.down(site, _names(only))) if site else []
    Console(stderr=True).print(f"stopped {', '.join(stopped)}" if stopped else "nothing was running")


def status(
    state: State = DEFAULT,
    output: Annotated[Format, typer.Option("--output", "-o", help="table or json")] = Format.TABLE,
) -> None:
    """Show each part, and how it is."""
    with _plainly():
        stack = Stack.at(state)
        site = _running(stack)
        seen = asyncio.run(stack.status(site))
    if output is Format.TABLE:
        Console().print(display.table(seen, site))
        return
    urls = display.addresses(site)
    parts = [
        {"part": s.name, "state": s.state, "pid": s.process and s.process.pid, "url": urls.get(s.name)} for s in seen
    ]
    typer.echo(json.dumps({"state": str(site.layout.state), "parts": parts}, indent=2))


def env(state: State = DEFAULT) -> None:
    """Print what a shell needs to speak to the stack: eval "$(trimtab env)"."""
    with _plainly():
        site = _running(Stack.at(state))
    for name, value in shell_environment(site).items():
        typer.echo(f"export {name}={shlex.quote(value)}")
    for programs in filter(None, (site.cluster.programs, Path(sys.executable).parent)):
        typer.echo(f'export PATH="$PATH:"{shlex.quote(str(programs))}')


async def _cluster(kubeconfig: Path | None, console: Console) -> Cluster:
    if found := given(kubeconfig, os.environ):
        return found
    with display.building(console) as progress:
        return Cluster(programs=await build(progress))


def _running(stack: Stack) -> Site:
    site = stack.site()
    if site is None:
        raise SandboxError(f"no sandbox in {stack.layout.state}; start one with: {_called()} up")
    return site


def _names(only: str) -> list[str]:
    return [name.strip() for name in only.split(",") if name.strip()]


def _what_next(state: Path, site: Site, started: set[str]) -> str:
    trimtab, option = _called(), "" if state == DEFAULT else f" --state {shlex.quote(str(state))}"
    pages = [f"{part}: {url}" for part, url in display.addresses(site).items() if part in started & _WITH_PAGES]
    return "\n".join(
        [
            "",
            f'  eval "$({trimtab} env{option})"          so that kubectl and mlflow speak to it',
            "  kubectl get trun,mver,infsvc -A",
            *(f"  {page}" for page in pages),
            f"  {trimtab} down{option}                   stops everything",
        ]
    )


def _called() -> str:
    """The command as this shell finds it: by its name where that is on PATH, else as it was started."""
    return "trimtab" if shutil.which("trimtab") else shlex.quote(sys.argv[0])


@contextmanager
def _plainly() -> Iterator[None]:
    """Errors of the sandbox are one message and status 1, without a trace."""
    try:
        yield
    except SandboxError as error:
        typer.secho(str(error), fg="red", err=True)
        raise typer.Exit(1) from error
