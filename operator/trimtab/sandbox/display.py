"""What people see: progress on the way up, and the parts as a table."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from trimtab.sandbox import build
from trimtab.sandbox.part import Part, Step
from trimtab.sandbox.site import Site
from trimtab.sandbox.supervisor import Phase, Report, Seen

_COLOURS = {Phase.WELL: "green", Phase.KEPT: "green", Phase.FAILED: "red", Phase.STARTING: "yellow"}
_SLOW = "compiling (minutes, the first time)"
_STATES = {"healthy": "green", "unhealthy": "yellow", "crashed": "red", "stopped": "dim"}


@contextmanager
def starting(console: Console, items: Sequence[Part | Step]) -> Iterator[Report]:
    """One line for each item; yields what the supervisor reports to."""
    with _lines(console) as progress:
        lines = {item.name: progress.add_task(item.name, start=False, total=1, said=Phase.WAITING) for item in items}

        def report(name: str, phase: Phase) -> None:
            colour = _COLOURS.get(phase, "dim")
            progress.update(lines[name], said=f"[{colour}]{phase}[/]")
            progress.start_task(lines[name])  # a second time changes nothing
            if phase in {Phase.WELL, Phase.KEPT}:
                progress.update(lines[name], completed=1)

        yield report


@contextmanager
def building(console: Console) -> Iterator[build.Progress]:
    """One line for each program that is built; nothing at all when there is nothing to build."""
    with _lines(console) as progress:
        lines: dict[str, TaskID] = {}

        def report(name: str, compiled: int, done: bool) -> None:  # noqa: FBT001 - the builder's own order
            if name not in lines:
                lines[name] = progress.add_task(f"build {name}", total=1, said=_SLOW)
                if not console.is_terminal:  # there a line is shown when it is over only
                    console.print(f"  build {name}: {_SLOW}")
            elif done:
                progress.update(lines[name], completed=1, said="[green]built[/]")
            else:
                progress.update(lines[name], said=f"[yellow]{compiled} packages compiled[/]")

        yield report


def table(seen: Sequence[Seen], site: Site) -> Table:
    """The parts, how they are, and where."""
    result = Table("part", "state", "pid", "address", box=None, pad_edge=False)
    urls = addresses(site)
    for part in seen:
        state = f"[{_STATES[part.state]}]{part.state}[/]"
        running = (str(part.process.pid), urls.get(part.name, "")) if part.process else ("", "")
        result.add_row(part.name, state, *running)
    return result


def addresses(site: Site) -> dict[str, str]:
    """Where a person can look, by part."""
    return {
        "kube-apiserver": site.url(site.addresses.apiserver, scheme="https"),
        "mlflow": site.url(site.addresses.mlflow),
        "ray": site.url(site.addresses.ray_dashboard),
    }


def _lines(console: Console) -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description:<26}"), TextColumn("{task.fields[said]:<20}"))
    return Progress(*columns, TimeElapsedColumn(), console=console)
