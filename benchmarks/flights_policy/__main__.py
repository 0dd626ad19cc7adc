"""Replay 2013 with the product's own drift code: three seeds, and shuffled years in which nothing may be retrained.

    PYTHONPATH=. .venv/runtime/bin/python -m benchmarks.flights_policy

Prints the table and writes results.json beside this file. Twenty minutes on one core.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from statistics import fmean

from benchmarks.flights_policy.replay import Loop
from benchmarks.flights_policy.settings import Settings
from benchmarks.flights_policy.world import World
from examples.flights.flights.data import year

FIRST = 59
"""1 March, counted from 0."""
SEEDS = (7, 1, 42)
SHUFFLES = range(10)


def replayed(world: World, settings: Settings) -> dict[str, object]:
    """Replay one world and tell what happened."""
    loop = Loop.start(world, settings, FIRST)
    served = loop.run(FIRST)
    months = {
        name: world.monthly_auc(chances)
        for name, chances in (("trimtab", served), ("frozen", world.version(FIRST).chances))
    }
    return {
        "auc": months,
        "meanAuc": {name: fmean(auc.values()) for name, auc in months.items()},
        "retrainings": len(loop.retrained),
        "promotions": sum(decision.action == "Promote" for decision in loop.decisions),
        "rejections": sum(decision.action == "Reject" for decision in loop.decisions),
        "decisions": [asdict(decision) for decision in loop.decisions],
    }


def stationary(shuffle: int, settings: Settings, rows: object) -> dict[str, object]:
    """Replay a shuffled year, in which every alarm is false."""
    loop = Loop.start(World.of(rows, SEEDS[0], settings.training, shuffle), settings, FIRST)
    loop.run(FIRST)
    return {"shuffle": shuffle, "retrainings": len(loop.retrained), "decisions": [asdict(d) for d in loop.decisions]}


def main() -> None:
    """Replay the seeds, then the shuffles; print and save."""
    settings, rows = Settings.of_manifests(), year()
    results = {"settings": settings.wire(), "seeds": {}, "shuffled": []}
    for seed in SEEDS:
        told = replayed(World.of(rows, seed, settings.training), settings)
        results["seeds"][seed] = told
        means = "  ".join(f"{name} {mean:.4f}" for name, mean in told["meanAuc"].items())
        print(
            f"seed {seed}: {means}  {told['retrainings']} retrainings, "
            f"{told['promotions']} promoted, {told['rejections']} refused",
            flush=True,
        )
        for decision in told["decisions"]:
            print(f"    {decision['day']} {decision['action']:<8} {decision['why']}", flush=True)
    for shuffle in SHUFFLES:
        told = stationary(shuffle, settings, rows)
        results["shuffled"].append(told)
        print(f"shuffle {shuffle}: {told['retrainings']} retrainings {told['decisions']}", flush=True)
    target = Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parent / "results.json"
    target.write_text(json.dumps(results, indent=1, default=str) + "\n")


if __name__ == "__main__":
    main()
