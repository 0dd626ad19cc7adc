"""One run from start to end: stack up, manifests applied, days replayed, result told, stack down."""

import asyncio
import json
import shutil
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import aiohttp
from rich.console import Console

from examples.flights.demo import ending, manifests, report
from examples.flights.demo.cluster import Cluster
from examples.flights.demo.days import Year, shuffled
from examples.flights.demo.display import Lines, Screen
from examples.flights.demo.endpoint import Endpoint, Tally
from examples.flights.demo.errors import DemoError
from examples.flights.demo.landing import land
from examples.flights.demo.record import Record
from examples.flights.demo.replay import Replay
from examples.flights.demo.result import Auc, Result, conclude, faults
from examples.flights.demo.settings import FIRST, MODEL, ROOT, Settings
from examples.flights.demo.stack import TRIMTAB, Stack, apply
from examples.flights.demo.watch import Watch
from examples.flights.demo.world import World
from examples.flights.flights import data

WIDE = 140  # columns of a log
INTERRUPTED = 130  # the shell's status for a program ended by Ctrl-C


async def run(settings: Settings, console: Console) -> Result:
    """Run the demonstration.

    Raises:
        DemoError: it could not be brought to its end.

    """
    begun = time.monotonic()
    stack = Stack(settings.folder / "stack")
    await stack.down()
    shutil.rmtree(settings.folder, ignore_errors=True)
    settings.folder.mkdir(parents=True)
    try:
        environment, year = await asyncio.gather(stack.up(), asyncio.to_thread(prepared, settings))
        await apply(manifests.write(settings), environment)
        return await _replayed(settings, console, year, Path(environment["KUBECONFIG"]), begun)
    except DemoError:
        await stack.tell()
        raise
    finally:
        if settings.keep:
            console.print(
                f'the stack is left up; to look at it:\n  eval "$({TRIMTAB} env --state {stack.state})"',
                highlight=False,
            )
        else:
            await stack.down()


def prepared(settings: Settings) -> Year:
    """Read the year; land the days that are known before the replay begins."""
    rows = data.year()
    year = Year(rows if settings.shuffle is None else shuffled(rows, settings.shuffle))
    for day in year.until(FIRST - timedelta(days=1)):
        land(year.rows(day), day, settings.data)
    return year


async def _replayed(settings: Settings, console: Console, year: Year, kubeconfig: Path, begun: float) -> Result:
    """Wait for the first version, replay the days, sum up."""
    record, tally = Record(), Tally()
    with (Screen if console.is_terminal else Lines)(console) as display:
        watch = Watch(Cluster(kubeconfig).look, display.show, record, tally)
        ready = await watch.settled(FIRST)
        baselines = await _baselines(settings, ready)
        try:
            async with aiohttp.ClientSession() as session:
                endpoint = Endpoint(session, str(ready.service.url), MODEL, tally)
                world = await Replay(settings, year, endpoint, watch).run()
            await baselines.wait()
        finally:
            if baselines.returncode is None:
                baselines.kill()
    if baselines.returncode:
        raise DemoError("the frozen model and the oracle could not be computed; what they said stands above")
    result = conclude(record, world, _read(settings), tally, settings.months, time.monotonic() - begun)
    _write(settings, result, record)
    ending.tell(console, result)
    return result


async def _baselines(settings: Settings, ready: World) -> asyncio.subprocess.Process:
    """Start what frozen and oracle are computed by, at low priority."""
    first = ready.version(str(ready.champion))
    if first is None:
        raise DemoError(f"the endpoint is ready, but its champion {ready.champion} is no ModelVersion")
    artifact = unquote(urlparse(first.spec.artifact.uri).path)
    arguments = ["--artifact", artifact, "--out", str(settings.folder / "baselines.json"), "--seed", str(settings.seed)]
    arguments += ["--quick"] if settings.quick else []
    arguments += ["--shuffle-days", str(settings.shuffle)] if settings.shuffle is not None else []
    program = ["nice", "-n", "15", sys.executable, "-m", "examples.flights.demo.baselines"]
    return await asyncio.create_subprocess_exec(*program, *arguments, cwd=ROOT)


def _read(settings: Settings) -> Auc:
    found: Auc = json.loads((settings.folder / "baselines.json").read_text())
    return found


def _write(settings: Settings, result: Result, record: Record) -> None:
    """Write result.json, the days it came of, and the report."""
    daily: list[dict[str, Any]] = record.daily()
    (settings.folder / "result.json").write_text(json.dumps(result.wire(), indent=2))
    (settings.folder / "daily.json").write_text(json.dumps(daily))
    report.write(result.wire(), daily, settings.folder / "report.html")


def main(settings: Settings) -> int:
    """Run, and say what failed; the exit status."""
    console = Console() if sys.stdout.isatty() else Console(width=WIDE)
    try:
        result = asyncio.run(run(settings, console))
    except DemoError as error:
        console.print(f"the demonstration failed: {error}", style="red", markup=False)
        return 1
    except KeyboardInterrupt:
        console.print("interrupted; there is no result", style="red")
        return INTERRUPTED
    for fault in faults(result, settings):
        console.print(f"the demonstration failed: {fault}", style="red", markup=False)
    return 1 if faults(result, settings) else 0
