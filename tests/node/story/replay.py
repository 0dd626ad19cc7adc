"""The spring of 2013, replayed against an endpoint on the node; run in the runtime's environment, which has pandas.

    python -m tests.node.story.replay land FOLDER               the days that are known before the replay
    python -m tests.node.story.replay live FOLDER KUBECONFIG NAMESPACE PACE     the replay; prints what happened as JSON

It is the demonstration's own replay: the same days, requests, labels, and rule of when replayed time may go on. Only
the address differs: the host does not resolve the cluster's names, so the Service's own address is asked.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import aiohttp
from kubernetes import client, config
from yarl import URL

from examples.flights.demo.app import prepared
from examples.flights.demo.cluster import Cluster
from examples.flights.demo.endpoint import Endpoint, Tally
from examples.flights.demo.record import Record
from examples.flights.demo.replay import Replay
from examples.flights.demo.settings import FIRST, MODEL, Settings
from examples.flights.demo.watch import Moment, Watch
from examples.flights.demo.world import World

PATIENCE = 420.0  # real seconds that one training or loading may take


async def live(settings: Settings, kubeconfig: Path, namespace: str) -> dict[str, Any]:
    """Wait for the first version, replay the spring against it, and say what happened."""
    record, tally = Record(), Tally()
    watch = Watch(Cluster(kubeconfig, namespace).look, say, record, tally, PATIENCE)
    year = await asyncio.to_thread(prepared, settings)
    ready = await watch.settled(FIRST)
    async with aiohttp.ClientSession() as session:
        url = await asyncio.to_thread(addressed, URL(str(ready.service.url)), kubeconfig)
        world = await Replay(settings, year, Endpoint(session, url, MODEL, tally), watch).run()
    return told(world, record, tally)


def addressed(url: URL, kubeconfig: Path) -> str:
    """The URL with the address of the Service that it names as `name.namespace.svc`."""
    name, namespace, *_ = str(url.host).split(".")
    api = client.CoreV1Api(config.new_client_from_config(str(kubeconfig)))
    return str(url.with_host(api.read_namespaced_service(name, namespace).spec.cluster_ip))


def told(world: World, record: Record, tally: Tally) -> dict[str, Any]:
    """What the tests look at."""
    return {
        "requests": {"sent": tally.sent, "failed": tally.failed, "errors": tally.errors},
        "decisions": [{"day": str(day), "action": e.action, "version": e.version, "run": e.run, "message": e.message}
                      for day, e in record.decisions],
        "runs": [{"name": run.name, "trigger": run.spec.trigger.kind, "failure": run.failure} for run in world.runs],
        "champion": world.champion,
        "auc": record.months,
    }  # fmt: skip


def say(moment: Moment) -> None:
    """Tell each decision as it is seen."""
    for entry in moment.new:
        print(f"{moment.day} {entry.action} {entry.version}: {entry.message}", file=sys.stderr, flush=True)  # noqa: T201


def main(verb: str, folder: str, *rest: str) -> None:
    """Do as the module says."""
    settings = Settings(quick=True, folder=Path(folder), pace=float(rest[2]) if rest else 1.0)
    if verb == "land":
        prepared(settings)
    else:
        print(json.dumps(asyncio.run(live(settings, Path(rest[0]), rest[1]))))  # noqa: T201 - for the process that started it


if __name__ == "__main__":
    main(*sys.argv[1:])
