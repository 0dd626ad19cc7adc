"""The manifests as they are applied: this run's paths and seed, and time as fast as the replay."""

from pathlib import Path
from typing import Any

import yaml

from examples.flights.demo.settings import Settings
from trimtab.api.common import parse_duration

SECONDS_A_DAY = 86_400
LOADING = 3.5
"""Real seconds a candidate takes to answer after its training: replayed time stands still, the cooldown goes on."""


def write(settings: Settings) -> Path:
    """Write the run's manifests into its folder and return that."""
    folder = settings.folder / "manifests"
    folder.mkdir(parents=True, exist_ok=True)
    for name, change in (("trainingrun", placed), ("inferenceservice", hurried)):
        manifest = yaml.safe_load((settings.source / "manifests" / f"{name}.yaml").read_text())
        note = change(manifest["spec"], settings)
        (folder / f"{name}.yaml").write_text(f"# {note}\n{yaml.safe_dump(manifest, sort_keys=False)}")
    return folder


def placed(spec: dict[str, Any], settings: Settings) -> str:
    """Set where data and code lie, and the seed."""
    spec["data"]["uri"] = settings.data.as_uri()
    spec["trainer"]["source"] = {"path": str(settings.source)}
    spec["trainer"]["seed"] = settings.seed
    return "As in examples/flights/manifests; the paths and the seed are this run's."


def hurried(spec: dict[str, Any], settings: Settings) -> str:
    """Divide the one duration that replayed time passes through by the pace, add what stands still, and say so.

    Candidates are compared over windows, which are replayed days already; the budget's period spans the whole replay.
    """
    real = spec["retraining"]["cooldown"]
    spec["retraining"]["cooldown"] = applied = at_pace(real, settings.pace, LOADING)
    return (
        f"As in examples/flights/manifests; a replayed day takes {settings.pace:g} s, so retraining.cooldown {real} is "
        f"{applied} ({LOADING:g} s of it for the loading of a candidate)."
    )


def at_pace(duration: str, pace: float, still: float = 0.0) -> str:
    """`10d` at 0.5 s a day is `5000ms`, and `6000ms` with a second in which replayed time stands still."""
    days = parse_duration(duration).total_seconds() / SECONDS_A_DAY
    return f"{round((days * pace + still) * 1000)}ms"
